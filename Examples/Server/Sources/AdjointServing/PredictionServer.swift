public import Adjoint
import FlyingFox
import FlyingSocks
import Foundation

/// Serves a model over HTTP.
///
///     let server = try PredictionServer(port: 8080) { model($0) }
///     try await server.run { print("http://127.0.0.1:\($0)/predict") }
public final class PredictionServer: Sendable {
    private let server: HTTPServer

    /// Seconds that a request may take. For as long the HTTP server keeps a timer of 0.7 KiB for
    /// each request, also for one that is answered: memory follows the number of requests in so
    /// many seconds.
    public static let timeout = 10.0

    /// A server that is not listening yet.
    ///
    /// - Parameters:
    ///   - host: An IPv4 address of this machine.
    ///   - port: 0 for any that is free.
    ///   - bodyLimit: The most bytes of a request's body.
    ///   - predict: What the model says of an input. Many requests call it at once.
    /// - Throws: Where `host` is no address.
    public init(
        host: String = "127.0.0.1", port: UInt16, bodyLimit: Int = 1 << 20,
        _ predict: @escaping @Sendable (Tensor) -> Tensor
    ) throws {
        server = HTTPServer(
            config: HTTPServer.Configuration(
                address: try sockaddr_in.inet(ip4: host, port: port), timeout: Self.timeout,
                pool: PromptSockets(pool: HTTPServer.defaultPool()), logger: .disabled),
            handler: PredictionHandler(bodyLimit: bodyLimit, predict: predict))
    }

    /// Serves until the task is cancelled.
    ///
    /// - Parameter ready: Gets the port whenever the server begins to listen: at first, and after
    ///   it had more connections than the system allows it, which closes them all.
    /// - Throws: Where it cannot listen: the port is in use, or may not be used.
    public func run(ready: @escaping @Sendable (UInt16) -> Void) async throws {
        Self.allowManyConnections()
        while true {
            do {
                return try await serve(ready: ready)
            } catch SocketError.failed(_, EMFILE, _) {
                // More connections than files may be open. The HTTP server has closed them all.
                try await Task.sleep(for: .milliseconds(200))
            }
        }
    }

    private func serve(ready: @escaping @Sendable (UInt16) -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { [server] group in
            group.addTask { try await server.run() }
            group.addTask {
                try await server.waitUntilListening(timeout: 30)
                if case .ip4(_, let port) = await server.listeningAddress { ready(port) }
            }
            for try await _ in group {}
        }
    }

    /// Each connection is an open file, of which a process may have 1,024 unless it asks for more.
    private static func allowManyConnections() {
        #if os(Linux)
            let files = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        #else
            let files = RLIMIT_NOFILE
        #endif
        var limit = rlimit()
        guard getrlimit(files, &limit) == 0 else { return }
        limit.rlim_cur = min(limit.rlim_max, 65_536)
        setrlimit(files, &limit)
    }
}

/// Sockets that send at once. The head and the body of an answer are written apart; the system
/// would hold the second back until the first is acknowledged, which takes up to 40 ms.
private struct PromptSockets: AsyncSocketPool {
    let pool: any AsyncSocketPool

    func prepare() async throws { try await pool.prepare() }
    func run() async throws { try await pool.run() }

    func suspendSocket(_ socket: Socket, untilReadyFor events: Socket.Events) async throws {
        // Connections inherit the option from the socket that listens.
        try? socket.setValue(
            true, for: BoolSocketOption(level: Int32(IPPROTO_TCP), name: TCP_NODELAY))
        try await pool.suspendSocket(socket, untilReadyFor: events)
    }
}
