/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.channel;

import io.netty.channel.DefaultFileRegion;
import io.netty.channel.FileRegion;
import io.netty.util.IllegalReferenceCountException;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;

/**
 * Reads the file of a {@link DefaultFileRegion} to where its bytes are to be: one system call and one copy. The region
 * keeps its file to itself, and by {@link FileRegion#transferTo} the JDK gives a file to channels that aren't its own
 * by 8 KiB, over two buffers.
 *
 * <p>So this looks at two of the region's fields, as the native code of Netty's transports does; both know them by
 * name. On the module path it may not, unless {@code --add-opens
 * io.netty.transport/io.netty.channel=io.nettyipc.transport.base} says so.
 */
public final class RegionFile {

    private static final InternalLogger logger = InternalLoggerFactory.getInstance(RegionFile.class);

    /** Null if the fields can't be looked at, as is the other one. */
    private static final VarHandle FILE;

    private static final VarHandle TRANSFERRED;

    static {
        VarHandle file = null;
        VarHandle transferred = null;
        try {
            MethodHandles.Lookup fields =
                    MethodHandles.privateLookupIn(DefaultFileRegion.class, MethodHandles.lookup());
            transferred = fields.findVarHandle(DefaultFileRegion.class, "transferred", long.class);
            file = fields.findVarHandle(DefaultFileRegion.class, "file", FileChannel.class);
        } catch (ReflectiveOperationException | RuntimeException e) {
            logger.debug("file regions are transferred by 8 KiB, since their files can't be looked at", e);
        }
        FILE = file;
        TRANSFERRED = transferred;
    }

    private static final ClassValue<Boolean> INHERITS_TRANSFER = new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
            return inheritsTransfer(type);
        }
    };

    private RegionFile() {}

    /** Whether a type of region leaves it to {@link DefaultFileRegion} what is transferred. */
    private static boolean inheritsTransfer(Class<?> type) {
        try {
            return type.getMethod("transferTo", WritableByteChannel.class, long.class)
                            .getDeclaringClass()
                    == DefaultFileRegion.class;
        } catch (NoSuchMethodException e) {
            // A native image knows the method of those types only that it was told of.
            return type == DefaultFileRegion.class;
        }
    }

    /** Whether {@link #read} can read that region; if not, {@link FileRegion#transferTo} has to do. */
    public static boolean canRead(FileRegion region) {
        return FILE != null && region instanceof DefaultFileRegion && INHERITS_TRANSFER.get(region.getClass());
    }

    /**
     * Reads what comes next of a region, as much as the target has room for, and counts it as transferred.
     *
     * @return how many bytes; negative if the file ends before the region
     */
    public static int read(DefaultFileRegion region, ByteBuffer target) throws IOException {
        region.open();
        FileChannel file = (FileChannel) FILE.get(region);
        if (file == null) {
            throw new IllegalReferenceCountException(0);
        }
        long transferred = region.transferred();
        int limit = target.limit();
        long left = region.count() - transferred;
        if (target.remaining() > left) {
            target.limit(target.position() + (int) left);
        }
        if (!target.hasRemaining()) {
            target.limit(limit);
            return 0;
        }
        int read = file.read(target, region.position() + transferred);
        target.limit(limit);
        if (read > 0) {
            TRANSFERRED.set(region, transferred + read);
        }
        return read;
    }
}
