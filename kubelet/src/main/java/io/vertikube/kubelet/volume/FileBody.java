package io.vertikube.kubelet.volume;

import java.util.Arrays;

/** A file of a volume: its bytes and permission bits. Immutable by convention: the bytes are not copied. */
@SuppressWarnings("ArrayRecordComponent")
record FileBody(byte[] bytes, int mode) {

    @Override
    public boolean equals(Object other) {
        return other instanceof FileBody that && mode == that.mode && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes) * 31 + mode;
    }
}
