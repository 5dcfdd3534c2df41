package io.vertikube.kubelet.pod;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Which lists of the runtime make a worker look again. */
class RuntimeNewsTest {

    private static final int MADE = 1;
    private static final int RUNS = 2;
    private static final int ENDED = 3;

    private final RuntimeNews news = new RuntimeNews();
    private final long start = System.nanoTime();

    @Test
    void whatTheWorkerSawItselfIsNoNews() {
        news.looked(at(1), RUNS);
        assertThat(news.listed(RUNS, at(2))).isFalse();
        assertThat(news.take()).isFalse();
    }

    @Test
    void anEndAfterTheLastLookIs() {
        news.looked(at(1), RUNS);
        assertThat(news.listed(ENDED, at(2))).isTrue();
        assertThat(news.take()).isTrue();
        news.looked(at(3), ENDED);
        assertThat(news.areNew()).isFalse();
    }

    @Test
    void aListOfAPodThatIsBeingMadeIsOldWhenItsWorkerHasLookedSince() {
        news.listed(MADE, at(1));
        news.looked(at(2), RUNS);
        assertThat(news.areNew()).isFalse();
        assertThat(news.take()).isFalse();
    }

    @Test
    void whatAnOldListSaidCountsWhenTheNextOneSaysItToo() {
        news.listed(ENDED, at(1));
        news.looked(at(2), RUNS);
        assertThat(news.listed(ENDED, at(3))).isTrue();
    }

    @Test
    void whatALookDoesNotFindIsLookedForOnce() {
        news.looked(at(1), RUNS);
        news.listed(ENDED, at(2));
        assertThat(news.take()).isTrue();
        news.looked(at(3), RUNS);
        assertThat(news.listed(ENDED, at(4))).isFalse();
        assertThat(news.listed(MADE, at(5))).isTrue();
        assertThat(news.listed(ENDED, at(6))).isTrue();
    }

    private long at(int seconds) {
        return start + seconds * 1_000_000_000L;
    }
}
