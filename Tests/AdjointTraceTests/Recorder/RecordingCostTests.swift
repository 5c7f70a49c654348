// What keeps recording cheap must change nothing that is recorded.

import Adjoint
import AdjointCore
import Foundation
import Testing

@testable import AdjointTrace

struct RecordingCostTests {
    @Test func digitsOfFloatsAreReadAsTheStandardLibraryReadsThem() {
        var floats: [Float] = [
            0, -0.0, 0.1, 1e-45, .leastNormalMagnitude, .greatestFiniteMagnitude, 16_777_217,
            1.5e15, 123_456.78, -9.999999e22, 1e-10, 3.4e-23, 8.5e21, -1e16,
        ]
        // An odd factor spreads them over all floats.
        for i in 0..<100_000 { floats.append(Float(bitPattern: UInt32(i) &* 2_654_435_761)) }
        for x in floats where x.isFinite {
            let number = ValueCapture.number(x)
            #expect(number == Double(x.description)!, "\(x)")
            #expect(Float(number) == x)
        }
    }

    // A loop of a length that the compiler knows may be unrolled into three calls.
    @Test(arguments: [3]) func aWayIsTheSameWhenItIsKnown(times: Int) {
        let ways = (0..<times).map { _ in here(2) }
        #expect(ways[0] == ways[1] && ways[1] == ways[2])
        #expect(ways[0].count == 2)
        // The second call of the recursion lies one deeper, on the way of the first.
        #expect(ways[0][1].count == ways[0][0].count + 1)
        #expect(ways[0][1].suffix(3) == ways[0][0].suffix(3))
    }

    /// The ways of the calls of a recursion that is `depth` deep.
    @inline(never)
    private func here(_ depth: Int) -> [[UInt]] {
        let mine = CallPlace().addresses
        return depth == 1 ? [mine] : [mine] + here(depth - 1)
    }

    @Test func aFileHasEveryRecordInOrder() throws {
        let url = FileManager.default.temporaryDirectory
            .appendingPathComponent("adjoint-\(UUID().uuidString).trace.jsonl")
        defer { try? FileManager.default.removeItem(at: url) }
        let options = TraceOptions(stacks: .none, times: false)
        func program() {
            let x = Tensor([1.5, -2]).requiresGrad_()
            for _ in 0..<200 { (x * x + 1).sum().backward() }
        }
        try Trace.record(to: url.path, options) { program() }
        let document = Trace.record(options) { program() }
        let file = Array(try Data(contentsOf: url))
        #expect(document.records.count > 2_000)
        #expect(file == document.jsonLines)
    }

    @Test func attributesOfEqualOperationsAreEqual() {
        let document = Trace.record(TraceOptions(stacks: .none)) {
            let x = Tensor.ones(2, 3)
            for dim in [0, 1, 0, 1] { _ = x.sum(dim: dim) }
            for exponent in [2.0, 3.0, 2.0] { _ = x.pow(exponent) }
        }
        let nodes = document.records.compactMap { record -> TraceNode? in
            if case .node(let node) = record { node } else { nil }
        }
        let sums = nodes.filter { $0.op == "sum" }.map(\.attrs)
        #expect(sums.count == 4)
        #expect(sums[0] == sums[2] && sums[1] == sums[3] && sums[0] != sums[1])
        let powers = nodes.filter { $0.op == "pow" }.map { $0.attrs["n"] }
        #expect(powers == [.number(2), .number(3), .number(2)])
    }
}
