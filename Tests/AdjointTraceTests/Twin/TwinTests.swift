import Adjoint
import AdjointTrace
import Foundation
import Testing

/// Programs that PyTorch ran and recorded (tools/torch_trace.py), run again here: the same nodes,
/// run in the same order, the same gradient on every edge, and every leaf grows alike.
@Suite struct TwinTests {
    private static func recorded(_ name: String) throws -> TraceDocument {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Fixtures/twin/\(name).jsonl")
        return try TraceDocument(jsonLines: [UInt8](Data(contentsOf: file)))
    }

    /// What the program of that name does here, on PyTorch's leaves.
    private static func replayed(_ name: String, on theirs: TraceDocument) throws -> TraceDocument {
        let program = try #require(twinPrograms[name])
        let leaves = try TwinLeaves(theirs)
        return Trace.record(TraceOptions(values: .full), named: leaves.named) { program(leaves) }
    }

    @Test func everyRecordedProgramHasItsTwin() throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Fixtures/twin")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            .filter { $0.hasSuffix(".jsonl") }.map { String($0.dropLast(6)) }
        #expect(Set(names) == Set(twinPrograms.keys))
        #expect(names.count >= 40)
    }

    @Test(arguments: twinPrograms.keys.sorted())
    func theTraceEqualsPyTorchs(_ name: String) throws {
        let theirs = try Self.recorded(name)
        let difference = TraceDiff(try Self.replayed(name, on: theirs), theirs)
        #expect(difference.isEmpty, "\(difference.differences.map(\.words))")
        #expect(difference.comparedPasses == theirs.events.count { $0.kind == .backwardBegin })
        #expect(difference.comparedGradients > 0)
    }

    @Test func aSwappedGradientIsFound() throws {
        let theirs = try Self.recorded("square_and_line")
        let ours = try Self.replayed("square_and_line", on: theirs)
        let lines = try String(
            contentsOf: URL(fileURLWithPath: #filePath).deletingLastPathComponent()
                .deletingLastPathComponent()
                .appendingPathComponent("Fixtures/twin/square_and_line.jsonl"), encoding: .utf8)
        let swapped = lines.replacingOccurrences(
            of: #""gradIn":[{"k":"full","data":[3]"#, with: #""gradIn":[{"k":"full","data":[4]"#
        )
        .replacingOccurrences(
            of: #""to":{"leaf":0},"value":{"k":"full","data":[3]"#,
            with: #""to":{"leaf":0},"value":{"k":"full","data":[4]"#)
        #expect(swapped != lines)
        let difference = TraceDiff(ours, try TraceDocument(jsonLines: Array(swapped.utf8)))
        #expect(difference.differences.contains { $0.kind == .gradient })
    }
}

/// The leaves of a recorded program, by their names.
struct TwinLeaves: Sendable {
    let named: [(String, Tensor)]

    init(_ document: TraceDocument) throws {
        named = try document.tensors.filter(\.leaf).map { tensor in
            let elements = try #require(tensor.value?.elements).map(Float.init)
            return (
                try #require(tensor.name),
                Tensor(elements, shape: tensor.shape, requiresGrad: tensor.requiresGrad)
            )
        }
    }

    func callAsFunction(_ name: String) -> Tensor { named.first { $0.0 == name }!.1 }
}
