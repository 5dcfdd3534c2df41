package io.vertikube.e2e.simulation;

import io.netty.channel.ChannelId;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.local.LocalChannel;
import io.netty.channel.local.LocalServerChannel;
import org.jspecify.annotations.Nullable;

/**
 * One end of a connection over the {@link Wire}. What is written leaves when the event loop gets to it, so that no answer
 * is there before whoever asked has done so. Confined to its event loop.
 */
final class WireEnd extends LocalChannel {

    /** Sets of connections are gone through in an order that hangs on it: it must not be left to chance. */
    private static final class Number implements ChannelId {
        private static final long serialVersionUID = 1L;

        private int value;

        @Override
        public String asShortText() {
            return Integer.toString(value);
        }

        @Override
        public String asLongText() {
            return asShortText();
        }

        @Override
        public int compareTo(ChannelId other) {
            return Integer.compare(value, ((Number) other).value);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Number same && same.value == value;
        }

        @Override
        public int hashCode() {
            return value;
        }
    }

    private boolean planned;
    private boolean leaving;

    /** Of somebody who connects. */
    WireEnd(int number) {
        ((Number) id()).value = number;
    }

    /** Of who was connected to. */
    WireEnd(int number, LocalServerChannel listener, LocalChannel peer) {
        super(listener, peer);
        ((Number) id()).value = number;
    }

    @Override
    protected ChannelId newId() {
        return new Number();
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer waiting) throws Exception {
        if (leaving) {
            super.doWrite(waiting);
        } else if (!planned) {
            planned = true;
            eventLoop().execute(this::leave);
        }
    }

    private void leave() {
        planned = false;
        leaving = true;
        try {
            unsafe().flush();
        } finally {
            leaving = false;
        }
    }
}
