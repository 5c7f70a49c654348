import Foundation

/// The folder that a run leaves behind. Every file in it is whole: written under another name
/// first, then renamed.
public struct RunFolder: Sendable {
    /// The files of a finished run.
    public enum File: String, Sendable, CaseIterable {
        case model = "model.safetensors"
        case metrics = "metrics.csv"
        case curves = "curves.svg"
        case configuration = "config.json"
        /// What the program `names` invented, a name a line.
        case samples = "names.txt"
        /// What the program `burgers` learned, as a picture.
        case solution = "solution.svg"
        /// Only in the folder of a run that was stopped.
        case checkpoint = "checkpoint.safetensors"

        /// What a finished run leaves.
        public static let results: [File] = [.model, .metrics, .curves, .configuration]
    }

    /// The folder's path, relative where it was given so.
    public let path: String

    /// A folder that exists already.
    public init(existing path: String) throws {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder),
            isFolder.boolValue
        else {
            throw RunError(
                "there is no folder \(path)", advice: "name the folder of a run, as runs/...")
        }
        self.path = path
    }

    /// Makes the folder `path`, and those above it; throws where anything is there already.
    public init(creating path: String) throws {
        guard try Self.make(path) else {
            throw RunError(
                "the output folder \(path) exists already",
                advice: "name another with --output, or remove it")
        }
        self.path = path
    }

    /// Makes a new folder `parent/name`, or `parent/name-2` and so on where that is taken.
    public init(named name: String, in parent: String = "runs") throws {
        for number in 1... {
            let path = "\(parent)/\(name)\(number == 1 ? "" : "-\(number)")"
            guard try Self.make(path) else { continue }
            self.path = path
            return
        }
        preconditionFailure("an unbounded range ended")
    }

    /// The path of `file` in the folder.
    public func path(of file: File) -> String { "\(path)/\(file.rawValue)" }

    /// True where `file` is in the folder.
    public func holds(_ file: File) -> Bool {
        FileManager.default.fileExists(atPath: path(of: file))
    }

    /// Puts `text` into `file`, in place of what it held.
    public func write(_ text: String, to file: File) throws {
        try Self.reporting("write", path(of: file)) {
            try Data(text.utf8).write(to: URL(fileURLWithPath: path(of: file)), options: .atomic)
        }
    }

    /// Puts `value` as JSON into `file`: keys in order of the alphabet, indented.
    public func write(_ value: some Encodable, to file: File) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try write(String(decoding: encoder.encode(value), as: UTF8.self) + "\n", to: file)
    }

    /// Reads the JSON in `file`.
    public func read<T: Decodable>(_ type: T.Type, from file: File) throws -> T {
        let data = try Self.reporting("read", path(of: file)) {
            try Data(contentsOf: URL(fileURLWithPath: path(of: file)))
        }
        do {
            return try JSONDecoder().decode(type, from: data)
        } catch {
            throw RunError(
                "\(path(of: file)) is damaged or no \(file.rawValue) of a run",
                advice: "train again, or restore the file")
        }
    }

    /// Removes the file called `name`, if it is there.
    public func remove(_ name: String) {
        try? FileManager.default.removeItem(atPath: "\(path)/\(name)")
    }

    /// Removes the folder and all in it: a run that failed leaves nothing half-written.
    public func discard() { try? FileManager.default.removeItem(atPath: path) }

    /// Makes the folder `path` and those above it; false where something of that name exists.
    private static func make(_ path: String) throws -> Bool {
        if mkdir(path, 0o777) == 0 { return true }
        let code = errno
        if code == EEXIST { return false }
        let parent = URL(fileURLWithPath: path).deletingLastPathComponent().path
        if code == ENOENT, !FileManager.default.fileExists(atPath: parent) {
            _ = try make(parent)
            return try make(path)
        }
        throw RunError(
            "the folder \(path) cannot be made (\(String(cString: strerror(code))))",
            advice: "name another place with --output")
    }

    private static func reporting<R>(_ verb: String, _ path: String, _ body: () throws -> R) throws
        -> R
    {
        do { return try body() } catch let error as CocoaError {
            let cause = (error.userInfo[NSUnderlyingErrorKey] as? any Error) ?? error
            let reason = (cause as NSError).localizedDescription.split(separator: "\n").first ?? ""
            throw RunError(
                "cannot \(verb) \(path) (\(reason))",
                advice: "check the path, its permissions and the disk")
        }
    }
}
