/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
/**
 * Handlers for the frames that local programs speak.
 *
 * <table>
 * <caption>Which handlers for which protocol</caption>
 * <tr><th>protocol</th><th>decoder</th><th>encoder</th></tr>
 * <tr><td>gRPC messages</td><td>{@link io.nettyipc.codec.GrpcMessageDecoder}</td>
 *     <td>{@link io.nettyipc.codec.GrpcMessageEncoder}</td></tr>
 * <tr><td>a length of 2, 4 or 8 bytes; the SSH agent</td>
 *     <td>{@link io.nettyipc.codec.LengthPrefixedFrameDecoder}</td>
 *     <td>{@link io.nettyipc.codec.LengthPrefixedFrameEncoder}</td></tr>
 * <tr><td>a varint length, as of delimited Protocol Buffers</td>
 *     <td>{@link io.nettyipc.codec.VarintFrameDecoder}</td><td>{@link io.nettyipc.codec.VarintFrameEncoder}</td></tr>
 * <tr><td>Discord's local RPC</td><td>{@link io.nettyipc.codec.DiscordIpcFrameDecoder}</td>
 *     <td>{@link io.nettyipc.codec.DiscordIpcFrameEncoder}</td></tr>
 * <tr><td>Docker's multiplexed stream</td><td>{@link io.nettyipc.codec.DockerStreamFrameDecoder}</td>
 *     <td>{@link io.nettyipc.codec.DockerStreamFrameEncoder}</td></tr>
 * <tr><td>language servers and debug adapters (LSP, DAP)</td>
 *     <td>{@link io.nettyipc.codec.ContentLengthFrameDecoder}</td>
 *     <td>{@link io.nettyipc.codec.ContentLengthFrameEncoder}</td></tr>
 * <tr><td>JSON lines; MCP over stdio</td><td>{@link io.nettyipc.codec.JsonLineDecoder}</td>
 *     <td>{@link io.nettyipc.codec.JsonLineEncoder}</td></tr>
 * </table>
 *
 * <h2>What all decoders do</h2>
 * <ul>
 * <li>They hand on slices of what was read, without a copy; the next handler releases them. Only what was compressed is
 * a new buffer.</li>
 * <li>A decoder belongs to one channel and is used by its event loop only.</li>
 * <li>A limit is in bytes, and a frame whose header announces more is refused before any of it is kept, with a
 * {@link io.netty.handler.codec.TooLongFrameException}.</li>
 * <li>Bytes that the protocol does not allow are a {@link io.netty.handler.codec.CorruptedFrameException}.</li>
 * <li>After either exception nobody knows where the next frame begins: the decoder drops everything that follows and
 * reports nothing more. It does not close the channel; {@code exceptionCaught} should. A line has an end, and so
 * {@link io.nettyipc.codec.JsonLineDecoder} goes on with the next one.</li>
 * <li>If the channel or its input is closed in the middle of a frame, the decoder drops the part and passes a {@link
 * io.netty.handler.codec.PrematureChannelClosureException} on, once, before {@code channelInactive}.</li>
 * </ul>
 *
 * <p>Encoders have no state, may be shared between channels, and fail the write with an
 * {@link io.netty.handler.codec.EncoderException} if the message can't be framed; nothing is written then. A body of
 * more than 1 KiB is not copied: its header is a buffer of its own. A shorter one goes into the header's buffer, which
 * costs less.
 */
package io.nettyipc.codec;
