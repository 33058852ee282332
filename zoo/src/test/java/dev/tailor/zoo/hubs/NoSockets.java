package dev.tailor.zoo.hubs;

import java.net.ProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;

/** Takes the place of the JVM's network, by {@code -Djava.nio.channels.spi.SelectorProvider}, and refuses everything. */
public final class NoSockets extends SelectorProvider {
    /** What reached for the network. */
    static final class BannedException extends IllegalStateException {
        private static final long serialVersionUID = 1L;

        BannedException() {
            super("a socket was opened");
        }
    }

    @Override
    public DatagramChannel openDatagramChannel() {
        throw new BannedException();
    }

    @Override
    public DatagramChannel openDatagramChannel(ProtocolFamily family) {
        throw new BannedException();
    }

    @Override
    public Pipe openPipe() {
        throw new BannedException();
    }

    @Override
    public AbstractSelector openSelector() {
        throw new BannedException();
    }

    @Override
    public ServerSocketChannel openServerSocketChannel() {
        throw new BannedException();
    }

    @Override
    public SocketChannel openSocketChannel() {
        throw new BannedException();
    }
}
