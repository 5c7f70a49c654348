import Foundation

/// The traces that have a name: files that were given or found, uploads, and runs of this start.
final class TraceCatalog: @unchecked Sendable {
    /// A line of the list of traces.
    struct Entry: Encodable, Sendable {
        /// What addresses call the trace: "file:digits".
        var id: String
        var title: String
        /// "file", "metrics" (a table without a graph), "upload", "expr" or "lab".
        var kind: String
        /// Where the file is.
        var path: String?
        var bytes: Int?
        /// Seconds since 1970.
        var modified: Double?
    }

    private struct Named {
        var entry: Entry
        var feed: any TraceFeed
    }

    private let lock = NSLock()
    private let given: [String]
    private let folder: String?
    private var files: [String: Named] = [:]
    private var fileOrder: [String] = []
    private var made: [String: Named] = [:]
    private var madeOrder: [String] = []
    private var nextNumber = 1

    /// How many uploads and runs are kept; the oldest is dropped for a new one.
    static let madeLimit = 64

    init(files: [String], folder: String?) {
        given = files
        self.folder = folder
        lock.withLock { look() }
    }

    /// All that has a name, newest first; files are looked for anew.
    func list() -> [Entry] {
        lock.withLock {
            look()
            let found = fileOrder.compactMap { files[$0]?.entry }
            let first = found.prefix(given.count)
            let rest = found.dropFirst(given.count)
                .sorted { ($0.modified ?? 0, $0.id) > ($1.modified ?? 0, $1.id) }
            return first + rest + madeOrder.reversed().compactMap { made[$0]?.entry }
        }
    }

    /// The trace called `id`; a file that appeared since is found too.
    func feed(_ id: String) -> (any TraceFeed)? {
        lock.withLock {
            if let found = made[id] ?? files[id] { return found.feed }
            look()
            return files[id]?.feed
        }
    }

    /// Keeps a trace that was uploaded or run, and gives it a name.
    func add(_ feed: any TraceFeed, kind: String, title: String) -> Entry {
        lock.withLock {
            let id = "\(kind):\(nextNumber)"
            nextNumber += 1
            let entry = Entry(id: id, title: title, kind: kind)
            made[id] = Named(entry: entry, feed: feed)
            madeOrder.append(id)
            if madeOrder.count > Self.madeLimit { made[madeOrder.removeFirst()] = nil }
            return entry
        }
    }

    private func look() {
        var paths = given
        for path in found() where !paths.contains(path) { paths.append(path) }
        fileOrder = []
        var taken: Set<String> = []
        for path in paths {
            var status = stat()
            let isThere = stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
            var id = "file:\(Self.name(path))"
            var number = 2
            while !taken.insert(id).inserted {
                id = "file:\(Self.name(path))-\(number)"
                number += 1
            }
            guard isThere else { continue }
            #if canImport(Darwin)
                let seconds = status.st_mtimespec.tv_sec
            #else
                let seconds = status.st_mtim.tv_sec
            #endif
            let entry = Entry(
                id: id, title: Self.title(path), kind: path.hasSuffix(".csv") ? "metrics" : "file",
                path: path,
                bytes: Int(status.st_size), modified: Double(seconds))
            let known = files[id].flatMap { $0.entry.path == path ? $0.feed : nil }
            let new: any TraceFeed =
                path.hasSuffix(".csv") ? MetricsTable(path: path) : TraceTail(path: path)
            files[id] = Named(entry: entry, feed: known ?? new)
            fileOrder.append(id)
        }
    }

    /// Traces in the folder itself and in the folders of runs.
    private func found() -> [String] {
        guard let folder else { return [] }
        let manager = FileManager.default
        func traces(_ path: String) -> [String] {
            let names = (try? manager.contentsOfDirectory(atPath: path)) ?? []
            let traces = names.filter { $0.hasSuffix(".trace.jsonl") || $0 == "trace.jsonl" }
            // The table is what a run leaves that was not traced.
            let tables = traces.isEmpty ? names.filter { $0 == "metrics.csv" } : []
            return (traces.sorted() + tables).map { path == "." ? $0 : "\(path)/\($0)" }
        }
        let runs = folder == "." ? "runs" : "\(folder)/runs"
        let names = ((try? manager.contentsOfDirectory(atPath: runs)) ?? []).sorted()
        return traces(folder) + names.prefix(1000).flatMap { traces("\(runs)/\($0)") }
    }

    /// What an address calls a file: "digits" of "runs/digits/trace.jsonl" and "digits.trace.jsonl".
    static func name(_ path: String) -> String {
        let parts = path.split(separator: "/")
        var name = parts.last.map(String.init) ?? path
        for ending in [".jsonl", ".csv", ".trace"] where name.hasSuffix(ending) {
            name = String(name.dropLast(ending.count))
        }
        if ["trace", "metrics"].contains(name), parts.count > 1 {
            name = String(parts[parts.count - 2])
        }
        let plain = name.map {
            $0.isASCII && ($0.isLetter || $0.isNumber) || "-_.".contains($0) ? $0 : "-"
        }
        return plain.isEmpty ? "trace" : String(plain)
    }

    private static func title(_ path: String) -> String {
        let parts = path.split(separator: "/")
        return parts.suffix(2).joined(separator: "/")
    }
}
