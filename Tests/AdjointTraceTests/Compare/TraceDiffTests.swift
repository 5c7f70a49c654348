import Testing

@testable import AdjointTrace

@Suite struct TraceDiffTests {
    private let seed = SampleTraces.seed

    @Test("A trace is like itself, whatever its lines and the numbers of its operators' names")
    func equal() {
        let same = TraceDiff(seed, seed)
        #expect(same.isEmpty && same.pairs.count == 3 && same.comparedPasses == 1)
        // Four gradients on their way, and what the leaf became.
        #expect(same.comparedGradients == 5)
        #expect(same.text().contains("no differences"))
        let other = SampleTraces.seed(replacing: [
            ("PowBackward", "PowBackward0"), ("main.swift", "twin.py"),
            ("\"src\":[0,2", "\"src\":[0,7"),
        ])
        #expect(TraceDiff(seed, other).isEmpty)
    }

    @Test("A gradient that differs is named, with both numbers and both events")
    func gradients() throws {
        let other = SampleTraces.seed(replacing: [
            (
                "\"gradIn\":[{\"k\":\"full\",\"data\":[4]}]",
                "\"gradIn\":[{\"k\":\"full\",\"data\":[4.5]}]"
            )
        ])
        let diff = TraceDiff(seed, other)
        let first = try #require(diff.differences.first)
        #expect(diff.differences.count == 1 && first.kind == .gradient)
        #expect(first.nodes == [0, 0] && first.events == [10, 10] && first.distance == 0.5)
        #expect(
            first.words
                == "pass 0: the gradient number 0 of pow (main.swift:2) is 4, and in the second trace "
                + "4.5 (distance 0.5)")
        #expect(TraceDiff(seed, other, tolerance: .init(relative: 0.2, absolute: 0)).isEmpty)
        #expect(
            TraceDiff(seed, other, tolerances: ["pow": .init(relative: 0.2, absolute: 0)]).isEmpty)
        #expect(
            !TraceDiff(seed, other, tolerances: ["mul": .init(relative: 0.2, absolute: 0)]).isEmpty)
    }

    @Test("Roundings of float32 are within the tolerance, and not within an exact one")
    func tolerance() {
        let other = SampleTraces.seed(replacing: [
            (
                "\"after\":{\"k\":\"full\",\"data\":[7]}",
                "\"after\":{\"k\":\"full\",\"data\":[7.0000005]}"
            )
        ])
        #expect(TraceDiff(seed, other).isEmpty)
        let exact = TraceDiff(seed, other, tolerance: .exact)
        #expect(exact.differences.map(\.kind) == [.accumulation])
        #expect(exact.differences[0].words.contains("the gradient of x becomes 7"))
        let nan = SampleTraces.seed(replacing: [
            (
                "\"after\":{\"k\":\"full\",\"data\":[7]}",
                "\"after\":{\"k\":\"full\",\"data\":[\"NaN\"]}"
            )
        ])
        #expect(TraceDiff(seed, nan).differences.count == 1)
        #expect(TraceDiff(nan, nan).isEmpty)
    }

    @Test("Another order of derivatives is one difference")
    func order() {
        // The derivatives of pow and mul change places.
        let other = SampleTraces.seed(replacing: [
            ("\"i\":7,", "\"i\":70,"), ("\"i\":10,", "\"i\":7,"), ("\"i\":70,", "\"i\":10,"),
        ])
        let swapped = TraceDocument(
            other.records.sorted { a, b in
                guard case .event(let x) = a, case .event(let y) = b else { return false }
                return x.index < y.index
            })
        let diff = TraceDiff(seed, swapped)
        #expect(diff.differences.map(\.kind) == [.order])
        #expect(diff.differences[0].words.contains("step 1: the derivative of mul runs"))
    }

    @Test("Other operations, operands and shapes are differences of the graph")
    func graphs() {
        let other = SampleTraces.seed(replacing: [
            (
                "\"op\":\"mul\",\"gradFn\":\"MulBackward\"",
                "\"op\":\"div\",\"gradFn\":\"DivBackward\""
            )
        ])
        let first = TraceDiff(seed, other).differences.first
        #expect(first?.kind == .graph)
        #expect(first?.words == "mul (main.swift:2) stands where div (main.swift:2) is")
        let shapes = SampleTraces.seed(replacing: [
            (
                "\"id\":3,\"storage\":3,\"name\":\"y\",\"role\":\"loss\",\"shape\":[]",
                "\"id\":3,\"storage\":3,\"name\":\"y\",\"role\":\"loss\",\"shape\":[1]"
            )
        ])
        #expect(
            TraceDiff(seed, shapes).differences.map(\.words) == [
                "add (main.swift:2) gives [] float32, and in the second trace [1] float32"
            ])
        let operands = SampleTraces.seed(replacing: [
            ("\"next\":[{\"node\":0},{\"node\":1}]", "\"next\":[{\"node\":1},{\"node\":0}]")
        ])
        #expect(TraceDiff(seed, operands).differences.map(\.kind) == [.graph, .graph])
    }

    @Test("An operation that one trace lacks leaves the others paired")
    func missing() {
        let (long, short) = (SampleTraces.blocks(3), SampleTraces.blocks(2))
        let diff = TraceDiff(long, short)
        #expect(diff.pairs.count == 9 && diff.differences.count == 3)
        #expect(diff.differences.allSatisfy { $0.words.contains("first trace alone") })
    }

    @Test("As JSON it is one object")
    func json() {
        let text = String(decoding: TraceDiff(seed, seed).json, as: UTF8.self)
        #expect(
            text
                == "{\"equal\":true,\"operations\":3,\"passes\":1,\"gradients\":5,"
                + "\"pairs\":[[0,0],[1,1],[2,2]],\"differences\":[]}")
    }
}
