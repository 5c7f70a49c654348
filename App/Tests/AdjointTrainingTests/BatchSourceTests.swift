import Testing

@testable import AdjointTraining

@Suite struct BatchSourceTests {
    private let digits = Digits.load().selecting(Array(0..<40))

    @Test func aTableIsTakenAsItIs() {
        let inputs = ModelInputs(training: digits, labelName: nil)
        let source = BatchSource(digits, inputs: inputs, kind: .mlp)
        let batch = source.batch([3, 0], seed: 5)
        let values = inputs.normalized(digits)
        #expect(Array(batch[..<64]) == Array(values[(3 * 64)..<(4 * 64)]))
        #expect(Array(batch[64...]) == Array(values[..<64]))
    }

    @Test func anImageIsShiftedByOnePixelAtMost() {
        let inputs = ModelInputs(training: digits, labelName: nil)
        let source = BatchSource(digits, inputs: inputs, kind: .cnn)
        let paper = (0 - inputs.mean[0]) / inputs.deviation[0]
        let values = inputs.normalized(digits)
        let indices = Array(0..<40)
        let batch = source.batch(indices, seed: 5)
        #expect(batch == source.batch(indices, seed: 5))
        #expect(batch != source.batch(indices, seed: 6))
        var seen: Set<[Int]> = []
        for index in indices {
            let image = Array(batch[(index * 64)..<((index + 1) * 64)])
            var matches: [[Int]] = []
            for down in -1...1 {
                for across in -1...1 {
                    let shifted = (0..<64).map { pixel -> Float in
                        let (x, y) = (pixel % 8 - across, pixel / 8 - down)
                        guard (0..<8).contains(x), (0..<8).contains(y) else { return paper }
                        return values[index * 64 + y * 8 + x]
                    }
                    if shifted == image { matches.append([down, across]) }
                }
            }
            #expect(matches.count == 1, "example \(index)")
            seen.formUnion(matches)
        }
        #expect(seen.count == 9)
    }
}
