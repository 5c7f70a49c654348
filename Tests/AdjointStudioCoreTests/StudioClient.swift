import Foundation
import Testing

@testable import AdjointStudioCore

/// Asks a studio as a browser would, without a server between.
struct StudioClient {
    let core: StudioCore

    init(_ configuration: StudioCore.Configuration = StudioCore.Configuration()) {
        core = StudioCore(configuration)
    }

    func get(_ target: String, _ headers: [(String, String)] = [], host: String = "127.0.0.1:80")
        async -> StudioResponse
    {
        await core.handle(request("GET", target, headers + [("Host", host)]))
    }

    /// A call that changes something, with the token.
    func post(_ target: String, _ body: String) async -> StudioResponse {
        await core.handle(
            request(
                "POST", target,
                [
                    ("Host", "localhost"), ("Content-Type", "application/json"),
                    (RequestGuard.tokenHeader, core.token),
                ], Data(body.utf8)))
    }

    func request(
        _ method: String, _ target: String, _ headers: [(String, String)], _ body: Data = Data(),
        isBodyCut: Bool = false
    ) -> StudioRequest {
        let parts = target.split(separator: "?", maxSplits: 1)
        return StudioRequest(
            method: method, path: String(parts[0]), query: parts.count > 1 ? String(parts[1]) : "",
            headers: headers, body: body, isBodyCut: isBodyCut)
    }
}

extension StudioResponse {
    /// The body as JSON.
    var object: [String: Any] {
        get throws {
            let data = try #require(data)
            return try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
        }
    }

    /// The body as text; of a stream the first `parts`, or all.
    func text(parts: Int = .max) async -> String {
        guard case .stream(let stream, _) = body else {
            return String(decoding: data ?? Data(), as: UTF8.self)
        }
        var text = ""
        var count = 0
        for await part in stream {
            text += String(decoding: part, as: UTF8.self)
            count += 1
            if count >= parts { break }
        }
        return text
    }

    func header(_ name: String) -> String? { allHeaders.last { $0.name == name }?.value }
}

/// A new folder that is removed afterwards.
func withStudioFolder<R>(_ files: [String: String] = [:], _ body: (URL) async throws -> R)
    async throws -> R
{
    let folder = FileManager.default.temporaryDirectory
        .appendingPathComponent("studio-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for (name, text) in files {
        let file = folder.appendingPathComponent(name)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }
    return try await body(folder)
}
