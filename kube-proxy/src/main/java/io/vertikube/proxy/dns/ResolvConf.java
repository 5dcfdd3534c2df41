package io.vertikube.proxy.dns;

import io.vertikube.value.Cidr;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads the servers out of a resolv.conf(5). */
final class ResolvConf {

    private ResolvConf() {}

    /**
     * The servers in order, without those that are we ourselves; none if there is no such file.
     *
     * @param own addresses that the node's DNS listens on: asking them would be asking ourselves
     */
    static List<InetSocketAddress> servers(Path file, Set<InetSocketAddress> own, int most) {
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (IOException e) {
            return List.of();
        }
        var servers = new ArrayList<InetSocketAddress>();
        for (String line : lines) {
            String[] words = line.strip().split("\\s+");
            if (words.length >= 2 && words[0].equals("nameserver") && Cidr.isAddress(words[1])) {
                var server = new InetSocketAddress(words[1], 53);
                if (!own.contains(server) && servers.size() < most) {
                    servers.add(server);
                }
            }
        }
        return servers;
    }
}
