package io.vertikube.kubelet.node;

import io.fabric8.kubernetes.api.model.Quantity;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** The kernel's pools of large pages (hugetlbpage in its administration guide). */
final class LargePages {
    private static final String PREFIX = "hugepages-";
    private static final String UNIT = "kB";
    private static final String[] UNITS = {"Ki", "Mi", "Gi"};

    private LargePages() {}

    /**
     * Bytes set aside, by size of page such as {@code 2Mi}; a size of which there are no pages has 0.
     *
     * @param pools {@code /sys/kernel/mm/hugepages}; where it is missing the kernel knows no large pages
     */
    static Map<String, Long> of(Path pools) throws IOException {
        var result = new TreeMap<String, Long>();
        if (Files.notExists(pools)) {
            return result;
        }
        try (DirectoryStream<Path> sizes = Files.newDirectoryStream(pools, PREFIX + "*" + UNIT)) {
            for (Path pool : sizes) {
                String name = pool.getFileName().toString();
                long kilobytes = Long.parseLong(name.substring(PREFIX.length(), name.length() - UNIT.length()));
                long pages = Long.parseLong(
                        Files.readString(pool.resolve("nr_hugepages")).strip());
                result.put(quantity(kilobytes * 1024).toString(), pages * kilobytes * 1024);
            }
        }
        return result;
    }

    /** In the largest unit that makes a whole number of it. */
    static Quantity quantity(long bytes) {
        long number = bytes;
        String unit = "";
        for (int i = 0; i < UNITS.length && number > 0 && number % 1024 == 0; i++) {
            number /= 1024;
            unit = UNITS[i];
        }
        return new Quantity(number + unit);
    }
}
