package io.vertikube.kubelet.csi;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The drivers that are registered now. Safe for any thread. */
public final class CsiDrivers implements AutoCloseable {

    private final Map<String, CsiDriver> drivers = new ConcurrentHashMap<>();

    /** A driver by name; a {@link CsiFailure} where nobody has registered it. */
    public CsiDriver get(String name) {
        CsiDriver driver = drivers.get(name);
        if (driver == null) {
            throw new CsiFailure("driver name " + name + " not found in the list of registered CSI drivers");
        }
        return driver;
    }

    /** Takes a driver in place of an older one of the same name, which is closed. */
    public void add(CsiDriver driver) {
        @Nullable CsiDriver old = drivers.put(driver.name(), driver);
        if (old != null) {
            old.close();
        }
    }

    public void remove(String name) {
        @Nullable CsiDriver old = drivers.remove(name);
        if (old != null) {
            old.close();
        }
    }

    @Override
    public void close() {
        drivers.values().forEach(CsiDriver::close);
        drivers.clear();
    }
}
