package io.vertikube.kubelet.kernel;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/** Functions of the C library that answer with an int and need nothing to be kept of errno. Safe for any thread. */
@SuppressWarnings("restricted")
final class NativeCall {

    private NativeCall() {}

    /** Absent where the library does not have it. */
    static Optional<MethodHandle> find(String name, FunctionDescriptor shape) {
        Linker linker = Linker.nativeLinker();
        return linker.defaultLookup().find(name).map(address -> linker.downcallHandle(address, shape));
    }

    static MethodHandle require(String name, FunctionDescriptor shape) {
        return find(name, shape).orElseThrow(() -> new IllegalStateException("the C library has no " + name));
    }

    static int call(MethodHandle function, Object... arguments) {
        try {
            return (int) function.invokeWithArguments(arguments);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
