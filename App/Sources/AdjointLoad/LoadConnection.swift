import Foundation

/// A connection to a server of this machine, which stays open from request to request.
public final class LoadConnection {
    private let descriptor: Int32
    private var received: [UInt8] = []

    /// What a server answered.
    public struct Answer {
        /// The number, 200 where all is well.
        public let status: Int
        /// The text after the head.
        public let body: String
    }

    /// Why there is no answer.
    public struct Failure: Error, CustomStringConvertible {
        /// The reason, in one line.
        public let description: String

        /// A failure for a reason.
        public init(description: String) { self.description = description }
    }

    /// Connects to `port` of the loopback.
    public init(port: UInt16) throws {
        #if os(Linux)
            descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #else
            descriptor = socket(AF_INET, SOCK_STREAM, 0)
        #endif
        guard descriptor >= 0 else { throw Failure(description: "no socket: errno \(errno)") }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, size) }
        }
        guard result == 0 else { throw Failure(description: "no connection: errno \(errno)") }
        // A server that is stuck fails the run instead of holding it up.
        var patience = timeval(tv_sec: 120, tv_usec: 0)
        setsockopt(
            descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience,
            socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { close(descriptor) }

    /// Sends a request as it stands.
    public func send(_ request: [UInt8]) throws {
        var sent = 0
        while sent < request.count {
            let count = request.withUnsafeBytes {
                #if os(Linux)
                    Foundation.send(
                        descriptor, $0.baseAddress! + sent, $0.count - sent, Int32(MSG_NOSIGNAL))
                #else
                    Foundation.send(descriptor, $0.baseAddress! + sent, $0.count - sent, 0)
                #endif
            }
            guard count > 0 else { throw Failure(description: "sending failed: errno \(errno)") }
            sent += count
        }
    }

    /// The next answer.
    public func answer() throws -> Answer {
        let end: Int
        while true {
            if let found = Self.headEnd(received) {
                end = found
                break
            }
            try receive()
        }
        let lines = String(decoding: received[..<end], as: UTF8.self).split(separator: "\r\n")
        let status = lines.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        var length = 0
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            if parts.count == 2, parts[0].lowercased() == "content-length" {
                length = Int(parts[1].trimmingCharacters(in: .whitespaces)) ?? 0
            }
        }
        while received.count < end + length { try receive() }
        let body = String(decoding: received[end..<(end + length)], as: UTF8.self)
        received.removeFirst(end + length)
        return Answer(status: status, body: body)
    }

    /// Where the body begins, once the head is there.
    private static func headEnd(_ bytes: [UInt8]) -> Int? {
        guard bytes.count >= 4 else { return nil }
        for i in 3..<bytes.count where bytes[i] == 10 && bytes[i - 1] == 13 && bytes[i - 2] == 10 {
            return i + 1
        }
        return nil
    }

    private func receive() throws {
        var part = [UInt8](repeating: 0, count: 16_384)
        let count = recv(descriptor, &part, part.count, 0)
        guard count > 0 else {
            throw Failure(
                description: count == 0
                    ? "the connection was closed without an answer" : "no answer: errno \(errno)")
        }
        received += part[..<count]
    }
}
