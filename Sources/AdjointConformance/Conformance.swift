import AdjointCore
public import Foundation

/// Replays recorded calls of PyTorch's operators, and runs of its optimisers and schedules, one
/// JSON object a line. The command is `adjoint conformance PATH`:
/// `swift run --package-path App adjoint conformance PATH`.
public struct Conformance {
    /// Each case is also replayed with inputs that are not contiguous, and in float32.
    public let isStrict: Bool
    let calls: Calls

    /// Replays with the bindings of `calls`; with `strict` each case twice more.
    public init(strict: Bool = false, calls: Calls = .all) {
        isStrict = strict
        self.calls = calls
    }

    /// What has become of the cases so far.
    public private(set) var report = ConformanceReport()

    /// Replays the lines of a file, or of every `.jsonl` file of a folder in the order of their
    /// names. Throws where there is nothing to read.
    public mutating func replay(path: String) throws {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw ConformanceError("there is no file or folder '\(path)'")
        }
        guard isFolder.boolValue else { return try replay(file: path) }
        let names = try FileManager.default.contentsOfDirectory(atPath: path)
            .filter { $0.hasSuffix(".jsonl") }.sorted()
        guard !names.isEmpty else {
            throw ConformanceError("the folder '\(path)' holds no .jsonl file")
        }
        for name in names { try replay(file: path + "/" + name) }
    }

    private mutating func replay(file: String) throws {
        guard let data = FileManager.default.contents(atPath: file) else {
            throw ConformanceError("the file '\(file)' cannot be read")
        }
        replay(data, named: URL(fileURLWithPath: file).lastPathComponent)
    }

    /// Replays lines that were read from somewhere; `name` stands in messages.
    public mutating func replay(_ data: Data, named name: String) {
        var number = 0
        for line in data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            number += 1
            if line.allSatisfy({ $0 == 0x20 || $0 == 0x0D || $0 == 0x09 }) { continue }
            replay(line: line, at: "\(name):\(number)", file: name)
        }
    }

    private mutating func replay(line: Data, at place: String, file: String) {
        do {
            guard let object = try ExactJSON.value(line) as? [String: Any] else {
                throw Malformed("the line is no JSON object")
            }
            if object["op"] != nil {
                let recorded = try Case(object)
                report.add(outcome(of: recorded), to: recorded.name, at: place)
            } else if let name = object["optimizer"] {
                let recorded = try OptimizerReplay(object)
                report.add(outcome(recorded.run), to: "optimizer \(name)", at: place)
            } else if let name = object["scheduler"] {
                let recorded = try SchedulerReplay(object)
                report.add(outcome(recorded.run), to: "scheduler \(name)", at: place)
            } else if let name = object["layer"] {
                let recorded = try LayerReplay(object)
                report.add(outcome(recorded.run), to: "layer \(name)", at: place)
            } else {
                throw Malformed("the line has none of the keys op, optimizer, scheduler, layer")
            }
        } catch {
            let why = error as? Malformed
            report.add(.failed(why?.description ?? "the line is no JSON"), to: file, at: place)
        }
    }

    private func outcome(of recorded: Case) -> Outcome {
        guard let call = calls.call(recorded.op, variant: recorded.variant) else {
            return .failed("there is no such operator here")
        }
        for style in isStrict ? Style.allCases : [.plain] {
            do {
                try Replay(recorded: recorded, call: call, style: style).run()
            } catch {
                let prefix = style == .plain ? "" : "\(style): "
                return .failed(prefix + Conformance.describe(error))
            }
        }
        return .passed
    }

    private func outcome(_ replay: () throws -> Void) -> Outcome {
        do {
            try replay()
            return .passed
        } catch {
            return .failed(Conformance.describe(error))
        }
    }

    private static func describe(_ error: any Error) -> String {
        guard let error = error as? TensorError else { return "\(error)" }
        return (error.operation.map { "\($0): " } ?? "") + error.message
    }
}

/// There is nothing to replay.
public struct ConformanceError: Error, CustomStringConvertible {
    public let description: String
    init(_ description: String) { self.description = description }
}
