import AdjointTesting
import Testing

@testable import AdjointCore

@Suite struct WindowTests {
    /// A number drawn for each element, the same each time.
    private func drawn(_ shape: [Int], seed: Int = 3) -> Tensor {
        withGenerator(seed: seed) { Tensor.randn(shape, dtype: .float64) }
    }

    @Test func aTransposedConvolutionIsTheAdjointOfTheConvolution() throws {
        let (x, w) = (drawn([2, 4, 7, 6]), drawn([6, 2, 3, 2]))
        let y = conv2d(x, w, stride: [2, 1], padding: [1, 1], dilation: [1, 2], groups: 2)
        let v = drawn(y.shape, seed: 4)
        let back = convTranspose2d(
            v, w, stride: [2, 1], padding: [1, 1], groups: 2, dilation: [1, 2])
        #expect(back.shape == x.shape)
        try expectClose((y * v).sum(), (x * back).sum(), atol: 1e-10)
    }

    @Test func outputPaddingAddsPositionsOnTheFarSide() throws {
        let (x, w) = (drawn([1, 2, 4]), drawn([2, 3, 2]))
        let plain = convTranspose1d(x, w, stride: 3)
        let longer = convTranspose1d(x, w, bias: numbers([1, 2, 3]), stride: 3, outputPadding: 2)
        #expect(plain.shape == [1, 3, 11] && longer.shape == [1, 3, 13])
        let column = numbers([1, 2, 3], [3, 1])
        try expectClose(longer[.all, .all, 0..<11], plain + column, atol: 1e-12)
        try expectClose(longer[0, .all, 11...], column.expand([3, 2]), atol: 0)
        // More than the stride, as the dilation is larger.
        let wide = convTranspose1d(x, w, outputPadding: 1, dilation: 2)
        #expect(wide.shape == [1, 3, 7])
        try expectClose(wide[.all, .all, 0..<6], convTranspose1d(x, w, dilation: 2), atol: 1e-12)
        #expect(values(wide[0, .all, 6]) == [0, 0, 0])
    }

    @Test func patchesAreWhatAConvolutionMultiplies() throws {
        let (x, w) = (drawn([2, 3, 6, 7]), drawn([4, 3, 3, 2]))
        let columns = unfold(x, kernelSize: [3, 2], dilation: [1, 2], padding: 1, stride: [2, 1])
        let y = conv2d(x, w, stride: [2, 1], padding: 1, dilation: [1, 2])
        try expectClose(w.reshape(4, 18).matmul(columns).reshape(y.shape), y, atol: 1e-10)
        #expect(unfold(x[0], kernelSize: 2).shape == [12, 30])
    }

    @Test func foldAddsPatchesWhereTheyOverlap() throws {
        let ones = Tensor.ones(1, 1, 4, 5, dtype: .float64)
        let columns = unfold(ones, kernelSize: [2, 3], padding: 1, stride: [1, 2])
        let counts = fold(
            columns, outputSize: [4, 5], kernelSize: [2, 3], padding: 1, stride: [1, 2])
        #expect(counts.shape == [1, 1, 4, 5])
        #expect(values(counts[0, 0, 0]) == [2, 4, 2, 4, 2])
        // <unfold x, c> = <x, fold c>
        let (x, c) = (drawn([1, 2, 5, 6]), drawn([1, 8, 12], seed: 5))
        let left = unfold(x, kernelSize: 2, dilation: [2, 1], stride: [1, 2])
        #expect(left.shape == [1, 8, 9])
        let part = c[.all, .all, 0..<9]
        let right = fold(
            part, outputSize: [5, 6], kernelSize: 2, dilation: [2, 1], stride: [1, 2])
        try expectClose((left * part).sum(), (x * right).sum(), atol: 1e-10)
    }

    @Test func unpoolingPutsTheLargestBack() throws {
        let x = drawn([2, 3, 6, 4])
        let (y, places) = maxPool2dWithIndices(x, kernelSize: 2)
        let back = maxUnpool2d(y, places, kernelSize: 2)
        #expect(back.shape == x.shape)
        try expectClose(maxPool2d(back.abs(), kernelSize: 2), y.abs(), atol: 0)
        #expect((back .!= 0).sum().item() as Int == y.numel)
        #expect(maxUnpool2d(y, places, kernelSize: 2, outputSize: [7, 5]).shape == [2, 3, 7, 5])
    }

    @Test func wholeNumbersPoolAndConvolve() {
        let x = Tensor([-7, 3, 5, 2, 9, -4], dtype: .int64).reshape(1, 1, 2, 3)
        let mean = avgPool2d(x, kernelSize: 2, stride: 1)
        #expect(mean.dtype == .int64 && mean.array(as: Int.self) == [1, 3])
        let most = maxPool2d(x.to(.int8), kernelSize: 2, stride: 1)
        #expect(most.dtype == .int8 && most.array(as: Int.self) == [9, 9])
        let w = Tensor([1, 10, 100, 1000], dtype: .int64).reshape(1, 1, 2, 2)
        #expect(conv2d(x, w).array(as: Int.self) == [9223, -3047])
        #expect(convTranspose2d(x, w).array(as: Int.self).first == -7)
        expectError(.dtype) { _ = maxPool1d(x[0], kernelSize: 2) }
    }

    @Test func mistakesAreNamed() {
        let x = Tensor.zeros(1, 4, 5, 5)
        let w = Tensor.zeros(4, 2, 3, 3)
        expectError(.argument, "outputPadding", "stride") {
            _ = convTranspose2d(x, w, outputPadding: 1)
        }
        expectError(.shape, "groups 3") { _ = convTranspose2d(x, w, groups: 3) }
        expectError(.dtype) { _ = convTranspose2d(x.to(.float64), w) }
        expectError(.shape, "no positions") { _ = convTranspose2d(x, w, padding: 4) }
        expectError(.shape, "bias") { _ = convTranspose2d(x, w, bias: Tensor.zeros(4)) }
        expectError(.shape) { _ = unfold(x, kernelSize: 6) }
        expectError(.argument) { _ = unfold(x, kernelSize: 0) }
        expectError(.shape, "columns") {
            _ = fold(Tensor.zeros(1, 4, 5), outputSize: 3, kernelSize: 2)
        }
        expectError(.index) {
            _ = maxUnpool2d(Tensor.zeros(1, 1, 1), Tensor([[[4]]], dtype: .int64), kernelSize: 2)
        }
        expectError(.argument, "large") { _ = pad(x[0], [.max, 0], mode: .replicate) }
        expectError(.argument) { _ = pad(x, [.max, .max]) }
    }
}
