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

    /// What is handed on is what arrives, but where two gradients meet, or a hook steps between.
    @Test func gradientsThatArriveAreThoseThatCame() throws {
        let document = Trace.record(TraceOptions(stacks: .none)) {
            let x = Tensor([1.0, 2]).requiresGrad_()
            let y = x * 2
            let z = y * y
            z.registerHook { $0 * 10 }
            (y * 3 + z).sum().backward()
        }
        let arrived = document.records.compactMap { record -> (node: Int, value: TraceValue)? in
            guard case .event(let event) = record, case .backwardNode(let run) = event.body else {
                return nil
            }
            return (run.node, run.gradOut[0])
        }
        let names = arrived.map { document.node($0.node)?.op }
        #expect(names == ["sum", "add", "mul", "mul", "mul"])
        let values = Dictionary(grouping: zip(names, arrived)) { $0.0! }
            .mapValues { $0.map(\.1.value.elements) }
        #expect(values["add"] == [[1, 1]])
        // y * 3 gets 1 and y * y ten times 1, in either order; x * 2 gets 3 + 10 · 2 y.
        #expect(values["mul"]?.prefix(2).contains([1, 1]) == true)
        #expect(values["mul"]?.prefix(2).contains([10, 10]) == true)
        #expect(values["mul"]?.last == [43, 83])
    }

    @Test func summariesAreThoseOfPlainLoops() {
        var elements = (0..<1003).map { Float($0 % 17) - 4.5 }
        elements[7] = 0
        elements[1001] = -0.0
        func summary(_ elements: [Float]) -> TraceSummary {
            elements.withUnsafeBufferPointer { Statistics($0).summary }
        }
        func close(_ a: Double?, _ b: Double) -> Bool { abs((a ?? .nan) - b) <= 1e-12 * abs(b) }
        let found = summary(elements)
        let wide = elements.map { Double($0) }
        let mean = wide.reduce(0, +) / 1003
        #expect(found.n == 1003 && found.zeros == 2 && found.nan == 0 && found.inf == 0)
        #expect(found.min == -4.5 && found.max == 11.5 && found.absmax == 11.5)
        #expect(close(found.mean, mean))
        #expect(close(found.l2, wide.reduce(0) { $0 + $1 * $1 }.squareRoot()))
        let variance = wide.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 1003
        #expect(close(found.std, variance.squareRoot()))
        #expect(summary([Float](repeating: 0.1, count: 100)).std == 0)
        elements[500] = .nan
        elements[501] = .infinity
        let broken = summary(elements)
        #expect(broken.nan == 1 && broken.inf == 1 && broken.max == 11.5)
    }
}
