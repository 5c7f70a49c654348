// What keeps recording cheap must change nothing that is recorded.

import Adjoint
import AdjointCore
import CAdjoint
import Foundation
import Testing

@testable import AdjointTrace

struct RecordingCostTests {
    @Test func digitsOfFloatsAreReadAsTheStandardLibraryReadsThem() {
        var generator = SystemRandomNumberGenerator()
        var floats: [Float] = [
            0, -0.0, 0.1, 1e-45, .leastNormalMagnitude, .greatestFiniteMagnitude, 16_777_217,
            1.5e15, 123_456.78, -9.999999e22, 1e-10, 3.4e-23, 8.5e21, -1e16,
        ]
        for _ in 0..<100_000 {
            floats.append(Float(bitPattern: UInt32.random(in: 0...UInt32.max, using: &generator)))
        }
        for x in floats where x.isFinite {
            let number = ValueCapture.number(x)
            #expect(number == Double(x.description)!, "\(x)")
            #expect(Float(number) == x)
        }
    }

    @Test(arguments: [1, 2, 7, 8, 9, 64, 1001])
    func floatsInCHaveTheSumsOfALoop(count: Int) throws {
        let x: [Float] = (0..<count).map { (i: Int) -> Float in
            if i % 5 == 3 { return 0 }
            return Float(i * 7919 % 101) / 8 - 5
        }
        var sums = adj_summary_f32()
        adj_summarize_f32(x, count, &sums)
        // Eighths of small numbers: every sum is exact.
        let wide: [Double] = x.map { Double($0) }
        let distances: [Double] = wide.map { $0 - wide[0] }
        var (sum, squares, aside) = (0.0, 0.0, 0.0)
        for (number, distance) in zip(wide, distances) {
            sum += number
            squares += number * number
            aside += distance * distance
        }
        #expect(sums.sum == sum && sums.squares == squares && sums.aside == aside)
        #expect(sums.low == x.min())
        #expect(sums.high == x.max())
        #expect(Int(sums.zeros) == x.count { $0 == 0 })
    }

    @Test func whatIsNotFiniteIsSeenInEveryPlace() {
        for place in [0, 3, 8, 17] {
            for bad in [Float.nan, .infinity, -.infinity] {
                var x = [Float](repeating: 1, count: 18)
                x[place] = bad
                var sums = adj_summary_f32()
                adj_summarize_f32(x, x.count, &sums)
                #expect(!sums.squares.isFinite)
            }
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
