/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.process.unix;

import io.nettyipc.base.channel.ConnectAttempt;
import io.nettyipc.base.channel.DescriptorChannel;
import io.nettyipc.base.os.Descriptor;
import io.nettyipc.base.os.DirectoryHold;
import io.nettyipc.base.os.LibC;
import io.nettyipc.base.os.Platform;
import io.nettyipc.base.os.RuntimeDirectory;
import io.nettyipc.base.os.SocketFile;
import io.nettyipc.base.socket.SocketFileWatch;
import io.nettyipc.base.socket.SocketMode;
import io.nettyipc.process.FifoAddress;
import io.nettyipc.process.FifoChannel;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.SocketAddress;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** One end of a FIFO: a reader if it is bound, a writer if it is connected. */
public final class UnixFifoChannel extends DescriptorChannel implements FifoChannel {

    private static final long FIRST_RETRY_MILLIS = 2;
    private static final long MAX_RETRY_MILLIS = 50;

    private final FifoChannelConfig config = new FifoChannelConfig(this);
    private volatile FifoAddress local;
    private volatile FifoAddress remote;
    private SocketFileWatch watch;
    private DirectoryHold hold;

    /** For {@link io.netty.bootstrap.Bootstrap#channel}. */
    public UnixFifoChannel() {
        super(null);
    }

    @Override
    public FifoChannelConfig config() {
        return config;
    }

    @Override
    public FifoAddress localAddress() {
        return local;
    }

    @Override
    public FifoAddress remoteAddress() {
        return remote;
    }

    @Override
    protected SocketAddress localAddress0() {
        return local;
    }

    @Override
    protected SocketAddress remoteAddress0() {
        return remote;
    }

    private static FifoAddress require(SocketAddress address) {
        if (address instanceof FifoAddress fifo) {
            return fifo;
        }
        throw new IllegalArgumentException("not a FIFO but a "
                + (address == null ? null : address.getClass().getName()) + " (" + address
                + "): use FifoAddress.of(\"log\")");
    }

    // ---- reader

    @Override
    protected void doBind(SocketAddress localAddress) throws Exception {
        checkNotConnected();
        FifoAddress address = require(localAddress);
        Path path = Path.of(address.path());
        try {
            if (address.name() != null) {
                RuntimeDirectory.containing(path).create();
            }
            create(path);
            SocketFile fifo = checkIsFifo(path, path);
            Path real = path.toRealPath();
            // Being a writer itself, a reader that stays never meets the end that the last writer leaves. A system that
            // does not allow it (POSIX leaves it open) would need a descriptor more.
            boolean stays = config.isStay();
            Descriptor input = opened(Descriptor.tryOpen(address.path(), stays ? LibC.O_RDWR : LibC.O_RDONLY), path);
            local = address;
            activate(input, null);
            if (isOpen()) {
                keep(real, fifo, address.name() != null);
            }
        } catch (IOException e) {
            BindException failure =
                    new BindException("cannot read the FIFO " + address.path() + ": " + RuntimeDirectory.reason(e));
            failure.initCause(e);
            throw failure;
        }
    }

    private void create(Path path) throws IOException {
        if (LibC.mkfifo(path.toString(), SocketFile.PRIVATE_MODE) == 0) {
            SocketFile made = SocketFile.read(path);
            try {
                SocketMode.apply(path, made, config.access());
            } catch (IOException e) {
                SocketFile.deleteIfSame(path.toString(), made);
                throw e;
            }
        } else if (LibC.lastError() != LibC.EEXIST) {
            throw LibC.error("mkfifo");
        }
    }

    /** Protects the FIFO from what cleans temporary directories, and sees when it is gone all the same. */
    private void keep(Path path, SocketFile fifo, boolean portable) {
        if (portable) {
            // Of an explicit path the administrator has decided where it is.
            hold = DirectoryHold.of(path.getParent());
        }
        watch = new SocketFileWatch(this, path, fifo);
        watch.start();
    }

    @Override
    protected void doClose() throws Exception {
        super.doClose();
        if (watch != null) {
            watch.stop();
        }
        if (hold != null) {
            hold.close();
        }
    }

    private static Descriptor opened(int number, Path path) throws IOException {
        if (number < 0) {
            throw LibC.error("open", -number);
        }
        Descriptor descriptor = new Descriptor(number);
        if (Platform.current() == Platform.LINUX) {
            try {
                // Somebody may have put another file there meanwhile.
                checkIsFifo(Path.of("/proc/self/fd/" + number), path);
            } catch (IOException e) {
                descriptor.close();
                throw e;
            }
        }
        return descriptor;
    }

    private static SocketFile checkIsFifo(Path path, Path shown) throws IOException {
        SocketFile found = SocketFile.read(path);
        if (!found.isFifo()) {
            throw new IOException(shown + " is " + found.kind() + ", not a FIFO: remove it, or use another path");
        }
        return found;
    }

    // ---- writer

    @Override
    protected void doConnect(SocketAddress remoteAddress, ConnectAttempt attempt) {
        FifoAddress address = require(remoteAddress);
        attempt.waitingFor("nobody has read the FIFO " + address.path());
        open(address, attempt, FIRST_RETRY_MILLIS);
    }

    private void open(FifoAddress address, ConnectAttempt attempt, long retryMillis) {
        try {
            Path path = Path.of(address.path());
            if (address.name() != null) {
                path = RuntimeDirectory.current().find(path);
                // Whoever owns the directory could have put its own FIFO there.
                RuntimeDirectory.containing(path).check();
            }
            checkIsFifo(path, path);
            int number = Descriptor.tryOpen(path.toString(), LibC.O_WRONLY);
            if (number == -LibC.ENXIO) {
                attempt.retryIn(retryMillis, () -> open(address, attempt, Math.min(MAX_RETRY_MILLIS, 2 * retryMillis)));
                return;
            }
            Descriptor output = opened(number, path);
            remote = address;
            activate(null, output);
            attempt.succeed();
        } catch (NoSuchFileException e) {
            attempt.fail(failure(
                    new FileNotFoundException(
                            address.path() + ": there is no such FIFO; a reader creates it when it binds"),
                    e));
        } catch (IOException e) {
            attempt.fail(failure(
                    new ConnectException(
                            "cannot write to the FIFO " + address.path() + ": " + RuntimeDirectory.reason(e)),
                    e));
        }
    }

    private static IOException failure(IOException failure, IOException cause) {
        failure.initCause(cause);
        return failure;
    }
}
