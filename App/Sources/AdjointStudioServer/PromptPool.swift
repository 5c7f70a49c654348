import FlyingFox
import FlyingSocks
import Foundation

/// A pool whose sockets send at once.
///
/// The server writes the head of an answer and its body apart. Without this option the system holds
/// the second back until the browser has acknowledged the first, which it delays by 40 ms, for each
/// request of a connection. Connections inherit the option from the socket that listens.
struct PromptPool: AsyncSocketPool {
    let pool: any AsyncSocketPool

    func prepare() async throws { try await pool.prepare() }
    func run() async throws { try await pool.run() }

    func suspendSocket(_ socket: Socket, untilReadyFor events: Socket.Events) async throws {
        let option = BoolSocketOption(level: Int32(IPPROTO_TCP), name: TCP_NODELAY)
        // A socket without it is slower, and no worse.
        try? socket.setValue(true, for: option)
        try await pool.suspendSocket(socket, untilReadyFor: events)
    }
}
