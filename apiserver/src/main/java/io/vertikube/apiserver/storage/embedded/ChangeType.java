package io.vertikube.apiserver.storage.embedded;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.BasicDataType;

/**
 * How a change stands in the file: revision, expiry, key, value, and a checksum over key and value, so that a damaged
 * file is noticed rather than served. Safe for any thread.
 */
final class ChangeType extends BasicDataType<Change> {

    private static final int OVERHEAD = 120;

    @Override
    public int getMemory(Change change) {
        byte[] value = change.value();
        return OVERHEAD + change.key().length() + (value == null ? 0 : value.length);
    }

    @Override
    public void write(WriteBuffer buffer, Change change) {
        byte[] key = change.key().getBytes(StandardCharsets.UTF_8);
        byte[] value = change.value();
        buffer.putVarLong(change.revision());
        buffer.putVarLong(change.expiresAtMillis());
        buffer.putVarInt(key.length).put(key);
        buffer.putVarInt(value == null ? 0 : value.length + 1);
        if (value != null) {
            buffer.put(value);
        }
        buffer.putInt(checksum(key, value == null ? new byte[0] : value));
    }

    @Override
    public Change read(ByteBuffer buffer) {
        long revision = DataUtils.readVarLong(buffer);
        long expires = DataUtils.readVarLong(buffer);
        byte[] key = bytes(buffer, DataUtils.readVarInt(buffer));
        int length = DataUtils.readVarInt(buffer);
        byte[] value = bytes(buffer, Math.max(0, length - 1));
        if (buffer.getInt() != checksum(key, value)) {
            throw damaged("the checksum of revision " + revision + " does not agree");
        }
        return new Change(revision, new String(key, StandardCharsets.UTF_8), length == 0 ? null : value, expires);
    }

    private static byte[] bytes(ByteBuffer buffer, int length) {
        if (length < 0 || length > buffer.remaining()) {
            throw damaged("a length of " + length + " bytes points beyond its page");
        }
        byte[] bytes = new byte[length];
        buffer.get(bytes);
        return bytes;
    }

    private static MVStoreException damaged(String what) {
        return DataUtils.newMVStoreException(DataUtils.ERROR_FILE_CORRUPT, "{0}", what);
    }

    private static int checksum(byte[] key, byte[] value) {
        var crc = new CRC32C();
        crc.update(key);
        crc.update(value);
        return (int) crc.getValue();
    }

    @Override
    public Change[] createStorage(int size) {
        return new Change[size];
    }

    @Override
    public int compare(Change a, Change b) {
        return Long.compare(a.revision(), b.revision());
    }
}
