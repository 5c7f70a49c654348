import AdjointTesting
import Testing

@testable import AdjointCore

/// Tensors print as PyTorch prints them, in Swift's spelling. Recorded texts.
@Suite struct DescriptionTests {
    @Test func numbersShareOneForm() {
        #expect("\(Tensor([4.0]))" == "tensor([4.])")
        #expect("\(Tensor([0.25, 8.0]))" == "tensor([0.2500, 8.0000])")
        #expect("\(Tensor(3.5))" == "tensor(3.5000)")
        #expect("\(Tensor([1e-8, 1.0]))" == "tensor([1.0000e-08, 1.0000e+00])")
        #expect("\(Tensor([1e5, 2.5]))" == "tensor([1.0000e+05, 2.5000e+00])")
        #expect("\(Tensor([123_456_789.0]))" == "tensor([1.2346e+08])")
        #expect("\(Tensor([0.0, -0.0]))" == "tensor([0., -0.])")
        #expect("\(Tensor([1, -200]))" == "tensor([   1, -200])")
        #expect("\(Tensor([true, false]))" == "tensor([ true, false])")
        #expect("\(Tensor([-1.5, 2.0]))" == "tensor([-1.5000,  2.0000])")
    }

    @Test func whatIsNotFiniteFillsTheColumn() {
        #expect("\(Tensor([Float.nan, 1, .infinity]))" == "tensor([nan, 1., inf])")
        #expect(
            "\(Tensor([Float.infinity, 2.5, -.infinity]))" == "tensor([   inf, 2.5000,   -inf])")
    }

    @Test func rowsAreAlignedAndNested() {
        #expect(
            "\(Tensor([[1.0, 2.0], [3.0, 40.5]]))" == """
                tensor([[ 1.0000,  2.0000],
                        [ 3.0000, 40.5000]])
                """)
        #expect(
            "\(Tensor.arange(8).reshape(2, 2, 2))" == """
                tensor([[[0, 1],
                         [2, 3]],

                        [[4, 5],
                         [6, 7]]])
                """)
    }

    @Test func longRowsAreWrapped() {
        #expect(
            "\(Tensor.arange(30))" == """
                tensor([ 0,  1,  2,  3,  4,  5,  6,  7,  8,  9, 10, 11, 12, 13, 14, 15, 16, 17,
                        18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29])
                """)
    }

    @Test func largeTensorsAreSummarised() {
        #expect(
            "\(Tensor.arange(2000))" == "tensor([   0,    1,    2,  ..., 1997, 1998, 1999])")
        #expect(
            "\(Tensor.ones(40, 50))" == """
                tensor([[1., 1., 1.,  ..., 1., 1., 1.],
                        [1., 1., 1.,  ..., 1., 1., 1.],
                        [1., 1., 1.,  ..., 1., 1., 1.],
                        ...,
                        [1., 1., 1.,  ..., 1., 1., 1.],
                        [1., 1., 1.,  ..., 1., 1., 1.],
                        [1., 1., 1.,  ..., 1., 1., 1.]])
                """)
    }

    @Test func notesSayWhatIsUnusual() {
        #expect("\(Tensor([1.0], dtype: .float64))" == "tensor([1.], dtype: float64)")
        #expect("\(Tensor([5.0], requiresGrad: true))" == "tensor([5.], requiresGrad: true)")
        let x = Tensor([2.0], requiresGrad: true)
        #expect("\(x ** 2)" == "tensor([4.], gradFn: <PowBackward>)")
        #expect("\(Tensor.zeros(0))" == "tensor([])")
        #expect("\(Tensor.zeros(2, 0))" == "tensor([], size: [2, 0])")
        #expect("\(Tensor.zeros(0, dtype: .int64))" == "tensor([], dtype: int64)")
        #expect("\(Tensor.zeros(2, 3, device: .meta))" == "tensor(..., device: meta, size: [2, 3])")
        #expect(x.debugDescription == x.description)
    }

    @Test func aFailedTensorPrints() {
        var text = ""
        _ = tensorError { text = "\(Tensor.zeros(2)[5])" }
        #expect(text == "tensor(..., size: [2], poisoned)")
    }
}
