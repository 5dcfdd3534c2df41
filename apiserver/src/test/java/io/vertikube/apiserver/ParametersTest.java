package io.vertikube.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertikube.object.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the parameters of reads mean, alone and together, and how those that make no sense are refused. */
@Timeout(60)
class ParametersTest {

    private static final String MAPS = "/api/v1/namespaces/params/configmaps";
    private static TestApi api;

    /** The revisions before the first object, after the second of three, and after the last. */
    private static String before;

    private static String between;
    private static String now;

    @BeforeAll
    static void start() {
        api = TestApi.start();
        api.namespace("params");
        before = revision();
        map("a", "1");
        map("b", "1");
        between = revision();
        map("c", "2");
        now = revision();
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    private static void map(String name, String label) {
        api.post(MAPS, "{\"metadata\":{\"name\":\"" + name + "\",\"labels\":{\"l\":\"" + label + "\"}}}");
    }

    private static String revision() {
        return api.get(MAPS).json().at("/metadata/resourceVersion").asText();
    }

    private static String filled(String query) {
        return query.replace("BEFORE", before).replace("BETWEEN", between).replace("NOW", now);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                                                        | a b c | -
            unknown=x&limit                                           | a b c | -
            resourceVersion=                                          | a b c | -
            resourceVersion=0                                         | a b c | -
            resourceVersion=BETWEEN                                   | a b c | -
            resourceVersion=BETWEEN&resourceVersionMatch=NotOlderThan | a b c | -
            resourceVersion=0&resourceVersionMatch=NotOlderThan       | a b c | -
            resourceVersion=BETWEEN&resourceVersionMatch=Exact        | a b   | -
            resourceVersion=BEFORE&resourceVersionMatch=Exact         | ''    | -
            resourceVersion=BETWEEN&limit=1                           | a     | 1
            resourceVersion=BETWEEN&resourceVersionMatch=NotOlderThan&limit=1 | a | 2
            limit=1                                                   | a     | 2
            limit=3                                                   | a b c | -
            limit=0                                                   | a b c | -
            limit=2&labelSelector=l%3D1                               | a b   | -
            limit=1&labelSelector=l%3D1                               | a     | more
            limit=1&fieldSelector=metadata.name!%3Da                  | b     | more
            fieldSelector=metadata.name%3Db                           | b     | -
            fieldSelector=metadata.name%3Db&resourceVersion=BEFORE&resourceVersionMatch=Exact | '' | -
            labelSelector=l+in+(1,2),l!%3D2                           | a b   | -
            """)
    void lists(String query, String names, String remaining) {
        JsonNode list = api.get(MAPS + "?" + filled(query)).json();
        assertThat(list.path("kind").asText()).as(list.toString()).isEqualTo("ConfigMapList");
        assertThat(names(list)).isEqualTo(names);
        JsonNode metadata = list.path("metadata");
        assertThat(metadata.has("continue")).isEqualTo(!remaining.equals("-"));
        assertThat(metadata.path("remainingItemCount").asText("-"))
                .isEqualTo(remaining.equals("more") ? "-" : remaining);
    }

    @Test
    void pagesAreOfOneMoment() {
        JsonNode first = api.get(MAPS + "?limit=1&resourceVersion=" + between + "&resourceVersionMatch=Exact")
                .json();
        String token = first.at("/metadata/continue").asText();
        JsonNode second = api.get(MAPS + "?limit=5&continue=" + token).json();
        assertThat(names(second)).isEqualTo("b");
        assertThat(second.at("/metadata/resourceVersion").asText()).isEqualTo(between);
        assertThat(api.get(MAPS + "?continue=" + token + "&resourceVersion=0").code())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            /api/v1/pods                     | fieldSelector=spec.x%3D1        | field label not supported: spec.x
            /apis/batch/v1/jobs              | fieldSelector=spec.x%3D1        | field label "spec.x" not supported for Job
            /apis/apps/v1/deployments        | fieldSelector=spec.x%3D1        | "spec.x" is not a known field selector: only "metadata.name", "metadata.namespace"
            /api/v1/pods                     | fieldSelector=metadata.name%3Ex | invalid selector: 'metadata.name>x'; can't understand 'metadata.name>x'
            /api/v1/pods                     | labelSelector=a,,b              | found ',', expected: identifier after ','
            /api/v1/pods                     | labelSelector=l%3Ex             | unable to parse requirement: values[0]: Invalid value: "x": for 'Gt', 'Lt' operators, the value must be an integer
            """)
    void aSelectorIsRefusedInTheWordsOfItsKind(String path, String query, String sentence) {
        TestApi.Reply reply = api.get(path + "?" + query);
        assertThat(reply.code()).isEqualTo(400);
        assertThat(reply.json().path("reason").asText()).isEqualTo("BadRequest");
        assertThat(reply.json().path("message").asText()).isEqualTo(sentence);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            GET | resourceVersion=x                               | 500 | resourceVersion: Invalid value: "x"
            GET | resourceVersionMatch=Exact                      | 422 | resourceVersionMatch is forbidden unless resourceVersion is provided
            GET | resourceVersion=0&resourceVersionMatch=Exact    | 422 | resourceVersionMatch "exact" is forbidden for resourceVersion "0"
            GET | resourceVersion=1&resourceVersionMatch=Newest   | 422 | Unsupported value: "Newest": supported values: "Exact", "NotOlderThan", ""
            GET | resourceVersion=1&resourceVersionMatch=Exact&continue=x | 422 | resourceVersionMatch is forbidden when continue is provided
            GET | sendInitialEvents=true                          | 422 | sendInitialEvents is forbidden for list
            GET | continue=x                                      | 400 | continue key is not valid
            GET | limit=x                                         | 400 | limit
            GET | labelSelector=%3D%3D                            | 400 | ''
            GET | fieldSelector=spec.x%3D1                        | 400 | "spec.x" is not a known field selector: only "metadata.name", "metadata.namespace"
            GET | resourceVersion=99999999&resourceVersionMatch=NotOlderThan | 504 | Too large resource version
            GET | resourceVersion=99999999&resourceVersionMatch=Exact | 504 | Too large resource version
            GET | timeout=soon                                    | 400 | invalid timeout specified in the request URL
            GET | watch=true&resourceVersionMatch=NotOlderThan    | 422 | resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided
            GET | watch=true&sendInitialEvents=true               | 422 | sendInitialEvents requires setting resourceVersionMatch to NotOlderThan
            GET | watch=true&sendInitialEvents=false&resourceVersionMatch=Exact | 422 | sendInitialEvents requires setting resourceVersionMatch to NotOlderThan
            GET | watch=true&timeoutSeconds=x                     | 400 | timeoutSeconds
            POST | dryRun=Some                                    | 422 | dryRun: Unsupported value: "Some": supported values: "All"
            POST | fieldValidation=Hard                           | 422 | fieldValidation: Unsupported value: "Hard"
            POST | fieldManager=%07                               | 422 | should only contain printable characters
            """)
    void refusals(String method, String query, int code, String sentence) {
        TestApi.Reply reply = method.equals("GET")
                ? api.get(MAPS + "?" + filled(query))
                : api.post(MAPS + "?" + query, "{\"metadata\":{\"name\":\"z\"}}");
        assertThat(reply.code()).as(reply.text()).isEqualTo(code);
        assertThat(reply.json().path("kind").asText()).isEqualTo("Status");
        assertThat(reply.json().path("message").asText()).contains(sentence);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            resourceVersion=BETWEEN                                                          | ADDED c
            resourceVersion=BEFORE&labelSelector=l%3D2                                       | ADDED c
            resourceVersion=0                                                                | ADDED a, ADDED b, ADDED c
            ''                                                                               | ADDED a, ADDED b, ADDED c
            fieldSelector=metadata.name%3Db                                                  | ADDED b
            sendInitialEvents=false&resourceVersionMatch=NotOlderThan                        | ''
            sendInitialEvents=false&resourceVersionMatch=NotOlderThan&resourceVersion=BETWEEN | ADDED c
            sendInitialEvents=true&resourceVersionMatch=NotOlderThan                         | ADDED a, ADDED b, ADDED c
            sendInitialEvents=true&resourceVersionMatch=NotOlderThan&resourceVersion=NOW     | ADDED a, ADDED b, ADDED c
            sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true | ADDED a, ADDED b, ADDED c, BOOKMARK true, BOOKMARK
            sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&labelSelector=l%3Dno | BOOKMARK true, BOOKMARK
            resourceVersion=NOW&allowWatchBookmarks=true                                     | BOOKMARK
            """)
    void watches(String query, String events) {
        var told = new ArrayList<String>();
        for (JsonNode event : watch(MAPS + "?watch=1&timeoutSeconds=1&" + filled(query))) {
            JsonNode metadata = event.at("/object/metadata");
            String mark = metadata.path("annotations")
                    .path("k8s.io/initial-events-end")
                    .asText();
            told.add((event.path("type").asText() + " " + metadata.path("name").asText(mark)).strip());
        }
        assertThat(String.join(", ", told)).isEqualTo(events);
    }

    @Test
    void aNameInTheOldPathOfWatchesMeansThatObjectAlone() {
        String old = "/api/v1/watch/namespaces/params/configmaps/b?timeoutSeconds=1";
        List<JsonNode> events = watch(old);
        assertThat(events).hasSize(1);
        assertThat(events.getFirst().at("/object/metadata/name").asText()).isEqualTo("b");
        assertThat(api.get(old + "&fieldSelector=metadata.name%3Da").code()).isEqualTo(400);
    }

    @Test
    void aWatchFromARevisionYetToComeWaitsUntilItsTimeIsUp() {
        List<JsonNode> events = watch(MAPS + "?watch=1&timeoutSeconds=1&resourceVersion=" + (Long.MAX_VALUE - 1));
        assertThat(events).isEmpty();
    }

    @Test
    void aWatchThatWasOverBeforeItBeganEndsAtOnce() {
        List<JsonNode> events = watch(MAPS + "?watch=1&timeoutSeconds=-1&resourceVersion=" + (Long.MAX_VALUE - 1));
        assertThat(events).isEmpty();
    }

    @Test
    void columnsAreToldOnceAndBookmarksAreTablesToo() {
        List<JsonNode> events = watch(
                MAPS + "?watch=1&timeoutSeconds=1&allowWatchBookmarks=true",
                "Accept",
                "application/json;as=Table;g=meta.k8s.io;v=v1");
        assertThat(events).hasSize(4);
        assertThat(events.get(0).at("/object/columnDefinitions")).isNotEmpty();
        assertThat(events.get(1).at("/object/columnDefinitions").isNull()).isTrue();
        JsonNode bookmark = events.get(3);
        assertThat(bookmark.path("type").asText()).isEqualTo("BOOKMARK");
        assertThat(bookmark.at("/object/kind").asText()).isEqualTo("Table");
        assertThat(bookmark.at("/object/metadata/resourceVersion").asText()).isNotEmpty();
    }

    @Test
    void metadataIsWatchedAlone() {
        List<JsonNode> events = watch(
                MAPS + "?watch=1&timeoutSeconds=1&allowWatchBookmarks=true",
                "Accept",
                "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1");
        assertThat(events)
                .hasSize(4)
                .allSatisfy(
                        event -> assertThat(event.at("/object/kind").asText()).isEqualTo("PartialObjectMetadata"));
    }

    private static List<JsonNode> watch(String path, String... headers) {
        try (var lines = api.lines(path, headers)) {
            return lines.map(line -> Json.tree(line.getBytes(StandardCharsets.UTF_8)))
                    .toList();
        }
    }

    private static String names(JsonNode list) {
        var names = new ArrayList<String>();
        list.path("items")
                .forEach(i -> names.add(i.path("metadata").path("name").asText()));
        names.remove("kube-root-ca.crt");
        return String.join(" ", names);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            limit=abc                   | strconv.ParseInt: parsing "abc": invalid syntax (limit)
            limit=99999999999999999999  | strconv.ParseInt: parsing "99999999999999999999": value out of range (limit)
            timeoutSeconds=abc          | strconv.ParseInt: parsing "abc": invalid syntax (timeoutSeconds)
            timeoutSeconds=abc&watch=1  | strconv.ParseInt: parsing "abc": invalid syntax (timeoutSeconds)
            """)
    void whatIsNoNumberIsRefused(String query, String sentence) {
        TestApi.Reply reply = api.get(MAPS + "?" + query);
        assertThat(reply.code()).isEqualTo(400);
        assertThat(reply.json().path("message").asText()).isEqualTo(sentence);
    }
}
