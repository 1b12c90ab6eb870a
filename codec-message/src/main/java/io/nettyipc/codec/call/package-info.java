/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
/**
 * Calls between two processes over one connection, for those who don't want HTTP/2: many at a time, each a request and
 * a response or a stream of messages in either direction or both, with deadlines, cancellation, flow control and gRPC's
 * status codes. {@code CALLS.md} in the module's directory describes the bytes.
 *
 * <pre>{@code
 * // Server: one handler for each channel.
 * CallService square = CallService.unary((call, request) -> call.end(request.alloc().buffer(4).writeInt(...)));
 * channel.pipeline().addLast(new CallServerHandler(method -> method == 1 ? square : null));
 *
 * // Client
 * CallClientHandler client = new CallClientHandler();
 * channel.pipeline().addLast(client);
 * Future<ByteBuf> response = client.call(1, request, 500, TimeUnit.MILLISECONDS);
 * }</pre>
 *
 * <p>Methods are numbers that the two programs agree about. A message is a {@link io.netty.buffer.ByteBuf}; the bytes
 * in it are the application's.
 *
 * <h2>Threads</h2> Methods may be called from any thread. Listeners and services are called on the channel's event loop
 * and must not block. What is written in one turn of the event loop goes out together; nobody has to flush.
 *
 * <h2>Memory</h2> Both sides tell each other what they accept ({@link io.nettyipc.codec.call.CallLimits}). A call that
 * isn't read holds at most its window and one message more, all calls of a connection hold at most its window and one
 * message more; that is counted in messages, which lie in buffers of at most twice their size. Calls that fill the
 * connection's window hold the messages of all its calls back, so don't let one wait for another. A server stops
 * reading requests while the channel is not writable, so that a client that doesn't read the responses can't fill its
 * memory. A peer that breaks a limit or the protocol loses the connection, with a
 * {@link io.netty.handler.codec.DecoderException} that says what was seen.
 *
 * <h2>Ends</h2> A call ends once, whatever happens to it: at the latest with its connection, and then without what
 * nobody has read. A deadline ends it even if the peer has answered and the answer isn't read yet. If the peer ends its
 * output (as a channel with {@link io.netty.channel.ChannelOption#ALLOW_HALF_CLOSURE} reports it), the calls end that
 * can't without it, and the connection is closed when the others have. A message that was released before it is sent
 * ends its call with {@link io.nettyipc.codec.call.CallStatus.Code#INTERNAL}.
 */
package io.nettyipc.codec.call;
