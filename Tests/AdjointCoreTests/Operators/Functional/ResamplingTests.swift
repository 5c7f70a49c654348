import AdjointTesting
import Testing

@testable import AdjointCore

@Suite struct ResamplingTests {
    private let line = numbers([0, 1, 2, 3], [1, 1, 4])

    @Test func cornersAlignOrEdgesDo() throws {
        let aligned = interpolate(line, size: 7, mode: .linear, alignCorners: true)
        #expect(values(aligned) == [0, 0.5, 1, 1.5, 2, 2.5, 3])
        let cells = interpolate(line, size: 8, mode: .linear)
        #expect(values(cells) == [0, 0.25, 0.75, 1.25, 1.75, 2.25, 2.75, 3])
        #expect(values(interpolate(line, size: 1, mode: .linear, alignCorners: true)) == [0])
    }

    @Test func theNearestOfTwoModes() {
        #expect(values(interpolate(line, size: 6)) == [0, 0, 1, 2, 2, 3])
        #expect(values(interpolate(line, size: 3, mode: .nearestExact)) == [0, 2, 3])
        #expect(values(interpolate(line, scaleFactor: 2)) == [0, 0, 1, 1, 2, 2, 3, 3])
    }

    /// A cubic convolution keeps straight lines away from the borders; its weights sum to 1.
    @Test func cubicWeightsKeepConstants() throws {
        let x = Tensor.full([1, 1, 5, 4], 2.5, dtype: .float64)
        for antialias in [false, true] {
            let y = interpolate(x, size: [9, 2], mode: .bicubic, antialias: antialias)
            try expectClose(y, Tensor.full([1, 1, 9, 2], 2.5, dtype: .float64), atol: 1e-12)
        }
    }

    @Test func antialiasingSkipsNothing() {
        let impulse = numbers([0, 0, 0, 8, 0, 0, 0, 0, 0], [1, 1, 1, 9])
        let plain = interpolate(impulse, size: [1, 3], mode: .bilinear)
        let smooth = interpolate(impulse, size: [1, 3], mode: .bilinear, antialias: true)
        #expect(values(plain) == [0, 0, 0])
        #expect((smooth .> 0).sum().item() as Int == 2)
    }

    @Test func bytesAreRounded() {
        let x = Tensor([0, 255, 10, 20], dtype: .uint8).reshape(1, 1, 2, 2)
        let y = interpolate(x, size: [2, 3], mode: .bilinear, alignCorners: true)
        #expect(y.dtype == .uint8 && y.array(as: Int.self) == [0, 128, 255, 10, 15, 20])
        expectError(.dtype) { _ = interpolate(x, size: 2, mode: .area) }
    }

    @Test func adaptiveRangesShareOut() {
        let x = numbers([1, 2, 3, 4, 5], [1, 5])
        #expect(values(adaptiveAvgPool1d(x, 3)) == [1.5, 3, 4.5])
        #expect(values(adaptiveAvgPool1d(x, 7)) == [1, 1.5, 2.5, 3, 3.5, 4.5, 5])
        let (most, places) = adaptiveMaxPool1dWithIndices(numbers([1, 9, 9, .nan, 2], [1, 5]), 3)
        #expect(values(most)?[0] == 9 && places.array(as: Int.self) == [1, 3, 3])
        #expect(adaptiveAvgPool2d(Tensor.zeros(2, 4, 6), [nil, 2]).shape == [2, 4, 2])
        #expect(adaptiveAvgPool2d(Tensor.zeros(2, 4, 6), 0).shape == [2, 0, 0])
    }

    /// The mean of many half-width numbers is rounded once.
    @Test func halvesAreSummedWide() {
        let x = Tensor.full([1, 4096], 1.0009765625, dtype: .float16)
        #expect(adaptiveAvgPool1d(x, 1).item() as Double == 1.0009765625)
    }

    @Test func paddingTakesFromBothSides() {
        let x = numbers([1, 2, 3], [1, 3])
        #expect(values(pad(x, [2, 1], mode: .reflect)) == [3, 2, 1, 2, 3, 2])
        #expect(values(pad(x, [2, 1], mode: .replicate)) == [1, 1, 1, 2, 3, 3])
        #expect(values(pad(x, [2, 1], mode: .circular)) == [2, 3, 1, 2, 3, 1])
        #expect(values(pad(x, [1, -2], value: 7)) == [7, 1])
        #expect(pad(Tensor([true]), [0, 1], value: true).array(as: Bool.self) == [true, true])
        expectError(.argument, "at most 2") { _ = pad(x, [3, 0], mode: .reflect) }
        expectError(.argument) { _ = pad(x, [1]) }
        expectError(.argument) { _ = pad(x, [-2, -2]) }
        expectError(.shape) { _ = pad(x, [1, 1, 1, 1], mode: .reflect) }
        expectError(.dtype) { _ = pad(x .> 1, [1, 1], mode: .replicate) }
    }

    @Test func shufflesAreInverse() {
        let x = Tensor.arange(48).reshape(1, 8, 2, 3)
        let y = pixelShuffle(x, 2)
        #expect(y.shape == [1, 2, 4, 6])
        #expect(y[0, 0, 0].array(as: Int.self) == [0, 6, 1, 7, 2, 8])
        #expect(pixelUnshuffle(y, 2).array(as: Int.self) == x.array(as: Int.self))
        let channels = channelShuffle(x, 4)[0, .all, 0, 0].array(as: Int.self)
        #expect(channels == [0, 12, 24, 36, 6, 18, 30, 42])
        expectError(.shape) { _ = pixelShuffle(x, 3) }
        expectError(.argument) { _ = pixelUnshuffle(x, 0) }
        expectError(.shape) { _ = channelShuffle(x, 3) }
    }

    @Test func mistakesAreNamed() {
        expectError(.argument, "either") { _ = interpolate(line) }
        expectError(.argument, "either") { _ = interpolate(line, size: 2, scaleFactor: 2) }
        expectError(.argument, "corners") { _ = interpolate(line, size: 2, alignCorners: true) }
        expectError(.argument, "positive") { _ = interpolate(line, scaleFactor: 0.1) }
        expectError(.argument, "positive") { _ = interpolate(line, scaleFactor: Double.nan) }
        expectError(.argument, "positive") { _ = interpolate(line, size: Int.max) }
        expectError(.shape) { _ = interpolate(line, size: 2, mode: .bilinear) }
        expectError(.argument) { _ = interpolate(line, size: 2, mode: .linear, antialias: true) }
        expectError(.argument) { _ = adaptiveAvgPool1d(line, -1) }
        expectError(.shape) { _ = adaptiveMaxPool2d(line[0], 1) }
        expectError(.shape) { _ = adaptiveAvgPool1d(Tensor.zeros(1, 0), 2) }
        expectError(.dtype) { _ = adaptiveAvgPool1d(Tensor.arange(4).reshape(1, 4), 2) }
    }
}
