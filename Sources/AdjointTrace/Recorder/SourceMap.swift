import AdjointCore
import AdjointData

/// Names places in source files once, and gives the files their numbers.
struct SourceMap {
    /// A call's place, and the types of the modules around it.
    struct Place {
        var src: TraceSource?
        var stack: [TraceSource] = []
        var modules: [String] = []
    }

    private let stacks: TraceCapture.Stacks
    private let readsText: Bool
    private var files: [String: Int] = [:]
    private var names: [String] = []
    private var known: [Way: Place] = [:]
    /// Files that were met and not written yet.
    private(set) var fresh: [TraceFile] = []
    /// Longer sources are not copied into traces.
    private static let longest = 1 << 20

    init(_ options: TraceOptions) {
        stacks = options.stacks
        readsText = options.sourceText
    }

    var isOn: Bool { stacks != .none }

    mutating func place(_ call: CallPlace?) -> Place {
        guard let call else { return Place() }
        let way = Way(addresses: call.addresses)
        if let place = known[way] { return place }
        var place = Place(modules: call.modules)
        let frames = call.frames
        place.src = frames.first.map { source($0) }
        if stacks == .all { place.stack = frames.map { source($0) } }
        known[way] = place
        return place
    }

    private mutating func source(_ frame: CallPlace.Frame) -> TraceSource {
        TraceSource(
            file: file(frame.path), line: frame.line,
            column: frame.column > 0 ? frame.column : nil)
    }

    private mutating func file(_ path: String) -> Int {
        if let id = files[path] { return id }
        let id = files.count
        files[path] = id
        names.append(path.split(separator: "/").last.map(String.init) ?? path)
        var text: String?
        if readsText, let bytes = try? FileBytes.read(path), bytes.count <= SourceMap.longest {
            text = String(validating: bytes, as: UTF8.self)
        }
        fresh.append(TraceFile(id: id, path: path, text: text))
        return id
    }

    /// The last part of a file's path.
    func name(of file: Int) -> String? { names.indices.contains(file) ? names[file] : nil }

    mutating func takeFresh() -> [TraceFile] {
        defer { fresh = [] }
        return fresh
    }
}

/// The return addresses of a call. They are hashed as one number: most ways differ in all of it.
private struct Way: Hashable {
    let addresses: [UInt]

    func hash(into hasher: inout Hasher) {
        hasher.combine(addresses.reduce(0) { $0 &* 31 &+ $1 })
    }
}
