/**
 * Devices of this machine that plugins offer: how plugins become known, what the node has of them, and which device is whose.
 *
 * <p>Enter at {@link io.vertikube.kubelet.devices.NodeDevices}. A plugin registers (through
 * {@link io.vertikube.kubelet.devices.RegistrationSocket} or below {@code plugins_registry}) and tells its devices
 * ({@link io.vertikube.kubelet.devices.DevicePlugins}), which the Node's status counts; a pod that asks for some is given
 * them before anything of it is made ({@link io.vertikube.kubelet.devices.PodDevices}), which is on disk
 * ({@link io.vertikube.kubelet.devices.DeviceRecords}) until the pod is over. This package knows neither how pods are run nor
 * the API. Where devices are in the machine (NUMA) is not looked at.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/extend-kubernetes/compute-storage-net/device-plugins/">Device
 *     Plugins</a>
 */
@NullMarked
package io.vertikube.kubelet.devices;

import org.jspecify.annotations.NullMarked;
