package io.vertikube.apiserver.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertikube.apiserver.front.Query;
import io.vertikube.apiserver.front.RequestInfo;
import io.vertx.core.MultiMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How many seats requests take. */
final class WidthTest {

    @ParameterizedTest(name = "{0} {1}?{2} of {3}: {4}")
    @CsvSource(delimiter = '|', textBlock = """
            GET    | /api/v1/pods                  |                                    | 450   | 5
            GET    | /api/v1/pods                  |                                    | 401   | 5
            GET    | /api/v1/pods                  |                                    | 400   | 4
            GET    | /api/v1/pods                  |                                    | 0     | 1
            GET    | /api/v1/pods                  |                                    | 90000 | 10
            GET    | /api/v1/namespaces/n/pods     | limit=500                          | 90000 | 5
            GET    | /api/v1/namespaces/n/pods     | limit=500                          | 120   | 2
            GET    | /api/v1/namespaces/n/pods     | limit=x                            | 120   | 2
            GET    | /api/v1/namespaces/n/pods     | limit=-1                           | 120   | 2
            GET    | /api/v1/pods                  | limit=100&labelSelector=a          | 700   | 7
            GET    | /api/v1/pods                  | fieldSelector=spec.nodeName%3Dn    | 700   | 7
            GET    | /api/v1/namespaces/n/pods     | fieldSelector=metadata.name%3Dn    | 700   | 1
            GET    | /api/v1/namespaces/n/pods/p   |                                    | 700   | 1
            GET    | /api/v1/pods                  | watch=true                         | 700   | 1
            GET    | /api/v1/pods                  | watch=true&sendInitialEvents=true  | 700   | 7
            GET    | /api/v1/pods                  | watch=true&sendInitialEvents=true&limit=1 | 700 | 7
            GET    | /api/v1/pods                  | watch=true&sendInitialEvents=false | 700   | 1
            POST   | /api/v1/namespaces/n/pods     |                                    | 700   | 1
            DELETE | /api/v1/namespaces/n/pods     |                                    | 700   | 1
            GET    | /version                      |                                    | 700   | 1
            """)
    void seats(String method, String path, @Nullable String query, long stored, int seats) {
        var parameters = MultiMap.caseInsensitiveMultiMap();
        if (query != null) {
            for (String parameter : query.split("&")) {
                String[] parts = parameter.split("=");
                parameters.add(parts[0], parts[1].replace("%3D", "="));
            }
        }
        var asked = new Query(parameters);
        assertThat(Width.of(RequestInfo.of(method, path, asked), asked, 10, info -> stored))
                .isEqualTo(seats);
    }

    @ParameterizedTest
    @CsvSource({
        "245, 6, 10", // the catch-all of a large server
        "60, 6, 9",
        "60, 8, 7",
        "49, 6, 7",
        "13, 0, 1",
        "1, 6, 1",
        "600, 0, 10",
    })
    void oneRequestNeverTakesAWholeLevel(int nominal, int hand, int most) {
        assertThat(Width.most(new LevelRule("l", "", false, 1, 0, -1, 64, hand, 50), nominal))
                .isEqualTo(most);
        assertThat(Width.most(new LevelRule("l", "", true, 1, 0, -1, 0, 0, 0), nominal))
                .isEqualTo(1);
    }
}
