import Adjoint
import AdjointTesting
import Testing

/// What the sweep over wrong calls found in networks, data and measures: each of these ended the
/// process once.
@Suite struct WrongCallTests {
    @Test("a part that is not there is an error")
    func parts() {
        let linear = Linear(2, 2)
        #expect(tensorError { _ = Sequential(linear)[1] }?.kind == .index)
        #expect(tensorError { _ = Sequential()[0] }?.kind == .index)
        #expect(tensorError { _ = ModuleList(linear)[-1] }?.kind == .index)
        #expect(tensorError { _ = ParameterList([])[0] }?.kind == .index)
        #expect(Sequential(linear)[0] === linear)
    }

    @Test("more layers than there is any use for are an error")
    func layers() {
        #expect(tensorError { _ = LSTM(2, 2, numLayers: 1 << 40) }?.kind == .argument)
        #expect(tensorError { _ = GRU(2, .max, bidirectional: true) } != nil)
        let layer = TransformerEncoderLayer(4, 2, dimFeedforward: 3)
        #expect(
            tensorError { _ = TransformerEncoder(layer, numLayers: 1 << 40) }?.kind == .argument)
        #expect(tensorError { _ = Linear(1 << 40, 1 << 22) }?.kind == .argument)
    }

    @Test("attention whose projections fail is an error")
    func attention() {
        let layer = TransformerEncoderLayer(4, 2, dimFeedforward: 3)
        #expect(tensorError { _ = layer(Tensor.zeros([3, 2, 4], dtype: .int64)) } != nil)
        #expect(tensorError { _ = layer(Tensor.zeros([3, 2, 4], device: .meta)) } != nil)
    }

    @Test("an example that is not there is an error")
    func examples() {
        let data = TensorDataset(Tensor.zeros(3, 2), Tensor.zeros(3))
        let some = data.subset([2, 0])
        #expect(tensorError { _ = try some[2] }?.kind == .index)
        #expect(tensorError { _ = some.batch([0, 5]) }?.kind == .index)
        #expect(tensorError { _ = try some.gather([-1]) }?.kind == .index)
        #expect(tensorError { _ = ArrayDataset([1, 2])[2] }?.kind == .index)
        #expect(tensorError { _ = try ConcatDataset<TensorDataset>([])[0] }?.kind == .index)
    }

    @Test("an order that no memory holds is an error")
    func orders() {
        #expect(tensorError { _ = SequentialSampler(-1) }?.kind == .argument)
        #expect(tensorError { _ = SequentialSampler(.max) }?.kind == .argument)
        #expect(tensorError { _ = RandomSampler(.max) }?.kind == .argument)
    }

    @Test("counts for more classes than memory holds are an error")
    func classes() {
        #expect(tensorError { _ = ConfusionMatrix(classes: 1 << 40) }?.kind == .argument)
        #expect(tensorError { _ = F1Score(classes: .max) }?.kind == .argument)
        let counts = F1Score.quotient(
            truePositives: .max, falsePositives: .max, falseNegatives: .max)
        #expect(counts.numerator == -2)
    }
}
