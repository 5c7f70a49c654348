import Adjoint
import Testing

/// What the sweep over wrong calls found in networks, data and measures: each of these ended the
/// process once.
@Suite struct WrongCallTests {
    private func problem(_ body: () throws -> Void) -> TensorError? {
        do {
            try catchingTensorErrors(body)
            return nil
        } catch {
            return error as? TensorError
        }
    }

    @Test("a part that is not there is an error")
    func parts() {
        let linear = Linear(2, 2)
        #expect(problem { _ = Sequential(linear)[1] }?.kind == .index)
        #expect(problem { _ = Sequential()[0] }?.kind == .index)
        #expect(problem { _ = ModuleList(linear)[-1] }?.kind == .index)
        #expect(problem { _ = ParameterList([])[0] }?.kind == .index)
        #expect(Sequential(linear)[0] === linear)
    }

    @Test("more layers than there is any use for are an error")
    func layers() {
        #expect(problem { _ = LSTM(2, 2, numLayers: 1 << 40) }?.kind == .argument)
        #expect(problem { _ = GRU(2, .max, bidirectional: true) } != nil)
        let layer = TransformerEncoderLayer(4, 2, dimFeedforward: 3)
        #expect(problem { _ = TransformerEncoder(layer, numLayers: 1 << 40) }?.kind == .argument)
        #expect(problem { _ = Linear(1 << 40, 1 << 22) }?.kind == .argument)
    }

    @Test("attention whose projections fail is an error")
    func attention() {
        let layer = TransformerEncoderLayer(4, 2, dimFeedforward: 3)
        #expect(problem { _ = layer(Tensor.zeros([3, 2, 4], dtype: .int64)) } != nil)
        #expect(problem { _ = layer(Tensor.zeros([3, 2, 4], device: .meta)) } != nil)
    }

    @Test("an example that is not there is an error")
    func examples() {
        let data = TensorDataset(Tensor.zeros(3, 2), Tensor.zeros(3))
        let some = data.subset([2, 0])
        #expect(problem { _ = try some[2] }?.kind == .index)
        #expect(problem { _ = some.batch([0, 5]) }?.kind == .index)
        #expect(problem { _ = try some.gather([-1]) }?.kind == .index)
        #expect(problem { _ = ArrayDataset([1, 2])[2] }?.kind == .index)
        #expect(problem { _ = try ConcatDataset<TensorDataset>([])[0] }?.kind == .index)
    }

    @Test("an order that no memory holds is an error")
    func orders() {
        #expect(problem { _ = SequentialSampler(-1) }?.kind == .argument)
        #expect(problem { _ = SequentialSampler(.max) }?.kind == .argument)
        #expect(problem { _ = RandomSampler(.max) }?.kind == .argument)
    }

    @Test("counts for more classes than memory holds are an error")
    func classes() {
        #expect(problem { _ = ConfusionMatrix(classes: 1 << 40) }?.kind == .argument)
        #expect(problem { _ = F1Score(classes: .max) }?.kind == .argument)
        let counts = F1Score.quotient(
            truePositives: .max, falsePositives: .max, falseNegatives: .max)
        #expect(counts.numerator == -2)
    }
}
