package io.vertikube.apiserver.proxy;

/**
 * Where a request goes.
 *
 * @param host an IP address, or the name that a certificate must show
 * @param tls whether to speak TLS
 * @param kubelet whether it is a kubelet, to which the server shows its client certificate; never shown to others
 */
record Target(String host, int port, boolean tls, boolean kubelet) {

    String authority() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
