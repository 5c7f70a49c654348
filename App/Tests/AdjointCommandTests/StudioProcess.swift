import Foundation

/// `adjoint studio`, running until `stop`.
final class StudioProcess {
    let process = Process()
    /// The first line that it wrote, and the port in it.
    let firstLine: String
    let port: UInt16
    private let output = Pipe()
    private let errors: URL

    init(_ arguments: [String] = [], in folder: URL, port: UInt16 = 0) throws {
        process.executableURL = AdjointProcess.executable
        process.arguments = ["studio", "--port", String(port)] + arguments
        process.currentDirectoryURL = folder
        errors = folder.appendingPathComponent(".errors-\(UUID().uuidString)")
        try Data().write(to: errors)
        process.standardOutput = output
        process.standardError = try FileHandle(forWritingTo: errors)
        process.standardInput = FileHandle.nullDevice
        try process.run()
        var text = ""
        while !text.contains("\n") {
            let part = output.fileHandleForReading.availableData
            if part.isEmpty { break }
            text += String(decoding: part, as: UTF8.self)
        }
        firstLine = text.split(separator: "\n").first.map(String.init) ?? ""
        self.port = firstLine.firstMatch(of: /:([0-9]+)\//).flatMap { UInt16($0.1) } ?? 0
    }

    deinit { if process.isRunning { process.terminate() } }

    /// Interrupts it, and waits for its end.
    func stop() -> (status: Int32, errors: String) {
        if process.isRunning { process.interrupt() }
        process.waitUntilExit()
        let text = (try? String(contentsOf: errors, encoding: .utf8)) ?? ""
        return (process.terminationStatus, text)
    }

    /// The answer to a request that is sent as it stands, up to the end of the connection or
    /// until it holds `word`.
    func exchange(_ request: Data, until word: String? = nil) throws -> String {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw POSIXError(.EIO) }
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, size) }
        }
        guard result == 0 else { throw POSIXError(.ECONNREFUSED) }
        var rest = request
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { break }
            rest = rest.dropFirst(count)
        }
        var text = ""
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { return text }
            text += String(decoding: buffer[..<count], as: UTF8.self)
            if let word, text.contains(word) { return text }
        }
    }

    /// The answer to a GET.
    func get(
        _ path: String, _ headers: [String] = [], host: String = "localhost",
        until word: String? = nil
    )
        throws -> String
    {
        let lines = ["GET \(path) HTTP/1.1", "Host: \(host)", "Connection: close"] + headers
        return try exchange(Data((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8), until: word)
    }
}
