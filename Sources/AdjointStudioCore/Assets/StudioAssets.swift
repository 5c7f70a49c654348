import Foundation

/// The files of the studio's pages.
public struct StudioAssets: Sendable {
    /// A file by its path under `web/`; nil where there is none.
    private let find: @Sendable (String) -> Data?

    init(_ find: @escaping @Sendable (String) -> Data?) { self.find = find }

    /// The files in `folder`, read anew at each request: for work on the pages themselves.
    public init(folder: String) {
        let root = URL(fileURLWithPath: folder).standardizedFileURL.resolvingSymlinksInPath()
        find = { path in
            let file = root.appendingPathComponent(path).resolvingSymlinksInPath()
            guard file.path.hasPrefix(root.path + "/") else { return nil }
            return try? Data(contentsOf: file)
        }
    }

    subscript(path: String) -> Data? { find(path) }

    /// The answer with a file, or 304 where the browser has it already.
    func response(_ path: String, to request: StudioRequest) throws -> StudioResponse {
        guard let type = Self.mediaType(path), let data = find(path) else {
            throw StudioError.notFound("file \(path)")
        }
        let tag = Self.tag(data)
        let known = request.header("If-None-Match")?.split(separator: ",")
            .map { $0.trimmingCharacters(in: .whitespaces).replacing("W/", with: "") }
        if let known, known.contains(tag) || known == ["*"] {
            return StudioResponse(.bytes(Data(), type: type), status: 304, headers: [("ETag", tag)])
        }
        return StudioResponse(.bytes(data, type: type), headers: [("ETag", tag)])
    }

    /// The media type by the end of the name; nil for what is not served.
    static func mediaType(_ path: String) -> String? {
        let types = [
            "html": "text/html; charset=utf-8", "css": "text/css; charset=utf-8",
            "js": "text/javascript; charset=utf-8", "mjs": "text/javascript; charset=utf-8",
            "json": "application/json", "svg": "image/svg+xml", "png": "image/png",
            "ico": "image/x-icon", "woff2": "font/woff2", "txt": "text/plain; charset=utf-8",
            "swift": "text/plain; charset=utf-8", "md": "text/plain; charset=utf-8",
        ]
        return path.split(separator: ".").last.flatMap { types[$0.lowercased()] }
    }

    /// What changes when the file does: FNV-1a of its bytes, and their number.
    static func tag(_ data: Data) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in data { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return "\"\(String(hash, radix: 36))-\(data.count)\""
    }
}
