/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.lease;

import io.netty.buffer.AbstractReferenceCountedByteBuf;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.ScatteringByteChannel;

/**
 * A buffer that is a part of shared memory. Its objects are used again, for other parts. Where the memory may only be
 * read, every write ends with a {@link java.nio.ReadOnlyBufferException}.
 */
abstract class SharedByteBuf extends AbstractReferenceCountedByteBuf {

    private static final int STREAM_CHUNK = 8 << 10;

    private final ByteBufAllocator alloc;
    /** All of the memory, of big-endian order. */
    private ByteBuffer memory;

    /** Of {@link #memory}. */
    private long address;

    /** Where the buffer begins in it. */
    private int base;

    private int capacity;
    /** A second view of {@link #memory}, for {@link #internalNioBuffer}. */
    private ByteBuffer view;

    private int viewed;

    SharedByteBuf(ByteBufAllocator alloc) {
        super(Integer.MAX_VALUE);
        this.alloc = alloc;
    }

    /** Makes it a buffer that was never used, with one reference. */
    final void begin(int maxCapacity) {
        resetRefCnt();
        maxCapacity(maxCapacity);
        setIndex(0, 0);
        markReaderIndex();
        markWriterIndex();
    }

    /** Has it begin at a place of a memory. */
    final void place(ByteBuffer memory, long address, int base, int capacity) {
        if (this.memory != memory) {
            this.memory = memory;
            view = null;
        }
        this.address = address;
        this.base = base;
        this.capacity = capacity;
    }

    final void setCapacity(int capacity) {
        this.capacity = capacity;
    }

    /** Returns where the buffer begins in its memory. */
    final int base() {
        return base;
    }

    @Override
    public final int capacity() {
        return capacity;
    }

    @Override
    public final ByteBufAllocator alloc() {
        return alloc;
    }

    @Override
    @Deprecated
    @SuppressWarnings("InlineMeSuggester") // It is a superclass's.
    public final ByteOrder order() {
        return ByteOrder.BIG_ENDIAN;
    }

    @Override
    public final ByteBuf unwrap() {
        return null;
    }

    @Override
    public final boolean isDirect() {
        return true;
    }

    @Override
    public final boolean isContiguous() {
        return true;
    }

    @Override
    public final boolean hasArray() {
        return false;
    }

    @Override
    public final byte[] array() {
        throw new UnsupportedOperationException("shared memory is no array");
    }

    @Override
    public final int arrayOffset() {
        throw new UnsupportedOperationException("shared memory is no array");
    }

    /** Netty takes an address for one that it can use by Unsafe. */
    @Override
    public boolean hasMemoryAddress() {
        return PlatformDependent.hasUnsafe();
    }

    @Override
    public final long memoryAddress() {
        ensureAccessible();
        if (!hasMemoryAddress()) {
            throw new UnsupportedOperationException("read-only, or there is no Unsafe");
        }
        return address + base;
    }

    // ---- single values

    @Override
    protected final byte _getByte(int index) {
        return memory.get(base + index);
    }

    @Override
    protected final short _getShort(int index) {
        return memory.getShort(base + index);
    }

    @Override
    protected final short _getShortLE(int index) {
        return Short.reverseBytes(_getShort(index));
    }

    @Override
    protected final int _getUnsignedMedium(int index) {
        return (_getByte(index) & 0xFF) << 16 | (_getShort(index + 1) & 0xFFFF);
    }

    @Override
    protected final int _getUnsignedMediumLE(int index) {
        return (_getShortLE(index) & 0xFFFF) | (_getByte(index + 2) & 0xFF) << 16;
    }

    @Override
    protected final int _getInt(int index) {
        return memory.getInt(base + index);
    }

    @Override
    protected final int _getIntLE(int index) {
        return Integer.reverseBytes(_getInt(index));
    }

    @Override
    protected final long _getLong(int index) {
        return memory.getLong(base + index);
    }

    @Override
    protected final long _getLongLE(int index) {
        return Long.reverseBytes(_getLong(index));
    }

    @Override
    protected final void _setByte(int index, int value) {
        memory.put(base + index, (byte) value);
    }

    @Override
    protected final void _setShort(int index, int value) {
        memory.putShort(base + index, (short) value);
    }

    @Override
    protected final void _setShortLE(int index, int value) {
        _setShort(index, Short.reverseBytes((short) value));
    }

    @Override
    protected final void _setMedium(int index, int value) {
        _setByte(index, value >>> 16);
        _setShort(index + 1, value);
    }

    @Override
    protected final void _setMediumLE(int index, int value) {
        _setShortLE(index, value);
        _setByte(index + 2, value >>> 16);
    }

    @Override
    protected final void _setInt(int index, int value) {
        memory.putInt(base + index, value);
    }

    @Override
    protected final void _setIntLE(int index, int value) {
        _setInt(index, Integer.reverseBytes(value));
    }

    @Override
    protected final void _setLong(int index, long value) {
        memory.putLong(base + index, value);
    }

    @Override
    protected final void _setLongLE(int index, long value) {
        _setLong(index, Long.reverseBytes(value));
    }

    // ---- many bytes

    @Override
    public final ByteBuf getBytes(int index, ByteBuf dst, int dstIndex, int length) {
        checkDstIndex(index, length, dstIndex, dst.capacity());
        if (dst.hasArray()) {
            memory.get(base + index, dst.array(), dst.arrayOffset() + dstIndex, length);
        } else if (length > 0) {
            dst.setBytes(dstIndex, slice(memory, index, length));
        }
        return this;
    }

    @Override
    public final ByteBuf getBytes(int index, byte[] dst, int dstIndex, int length) {
        checkDstIndex(index, length, dstIndex, dst.length);
        memory.get(base + index, dst, dstIndex, length);
        return this;
    }

    @Override
    public final ByteBuf getBytes(int index, ByteBuffer dst) {
        int length = dst.remaining();
        checkIndex(index, length);
        int to = dst.position();
        dst.put(to, memory, base + index, length).position(to + length);
        return this;
    }

    @Override
    public final ByteBuf getBytes(int index, OutputStream out, int length) throws IOException {
        checkIndex(index, length);
        byte[] chunk = new byte[Math.min(length, STREAM_CHUNK)];
        for (int done = 0; done < length; ) {
            int part = Math.min(chunk.length, length - done);
            memory.get(base + index + done, chunk, 0, part);
            out.write(chunk, 0, part);
            done += part;
        }
        return this;
    }

    @Override
    public final int getBytes(int index, GatheringByteChannel out, int length) throws IOException {
        checkIndex(index, length);
        return length == 0 ? 0 : out.write(slice(memory, index, length));
    }

    @Override
    public final int getBytes(int index, FileChannel out, long position, int length) throws IOException {
        checkIndex(index, length);
        return length == 0 ? 0 : out.write(slice(memory, index, length), position);
    }

    @Override
    public final ByteBuf setBytes(int index, ByteBuf src, int srcIndex, int length) {
        checkSrcIndex(index, length, srcIndex, src.capacity());
        if (src.hasArray()) {
            memory.put(base + index, src.array(), src.arrayOffset() + srcIndex, length);
        } else if (length > 0) {
            src.getBytes(srcIndex, slice(memory, index, length));
        }
        return this;
    }

    @Override
    public final ByteBuf setBytes(int index, byte[] src, int srcIndex, int length) {
        checkSrcIndex(index, length, srcIndex, src.length);
        memory.put(base + index, src, srcIndex, length);
        return this;
    }

    @Override
    public final ByteBuf setBytes(int index, ByteBuffer src) {
        int length = src.remaining();
        checkIndex(index, length);
        int from = src.position();
        memory.put(base + index, src, from, length);
        src.position(from + length);
        return this;
    }

    @Override
    public final int setBytes(int index, InputStream in, int length) throws IOException {
        checkIndex(index, length);
        byte[] chunk = new byte[Math.min(length, STREAM_CHUNK)];
        int read = in.read(chunk, 0, chunk.length);
        if (read > 0) {
            memory.put(base + index, chunk, 0, read);
        }
        return read;
    }

    @Override
    public final int setBytes(int index, ScatteringByteChannel in, int length) throws IOException {
        checkIndex(index, length);
        try {
            return in.read(slice(memory, index, length));
        } catch (ClosedChannelException e) {
            return -1;
        }
    }

    @Override
    public final int setBytes(int index, FileChannel in, long position, int length) throws IOException {
        checkIndex(index, length);
        try {
            return in.read(slice(memory, index, length), position);
        } catch (ClosedChannelException e) {
            return -1;
        }
    }

    @Override
    public final ByteBuf copy(int index, int length) {
        checkIndex(index, length);
        return alloc.directBuffer(length).writeBytes(this, index, length);
    }

    // ---- views

    @Override
    public final int nioBufferCount() {
        return 1;
    }

    @Override
    public final ByteBuffer nioBuffer(int index, int length) {
        checkIndex(index, length);
        viewed = index;
        return slice(memory, index, length);
    }

    /** Returns where the last {@link #nioBuffer} began. */
    final int viewed() {
        return viewed;
    }

    @Override
    public final ByteBuffer[] nioBuffers(int index, int length) {
        return new ByteBuffer[] {nioBuffer(index, length)};
    }

    @Override
    public final ByteBuffer internalNioBuffer(int index, int length) {
        checkIndex(index, length);
        if (view == null) {
            view = memory.duplicate();
        }
        return view.limit(base + index + length).position(base + index);
    }

    private ByteBuffer slice(ByteBuffer memory, int index, int length) {
        return memory.slice(base + index, length);
    }
}
