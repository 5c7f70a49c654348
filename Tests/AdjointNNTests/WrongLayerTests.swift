import Adjoint
import AdjointTesting
import Testing

/// Layers and losses with sizes that fit nothing: each of these ended the process once, or took for
/// ever.
@Suite struct WrongLayerTests {
    @Test("bags that memory does not hold are an error")
    func bags() {
        let layer = EmbeddingBag(4, 3)
        let empty = Tensor.zeros([1 << 40, 0], dtype: .int64)
        #expect(tensorError { _ = layer(empty) } != nil)
        #expect(tensorError { _ = layer.forward(empty) } != nil)
        #expect(tensorError { _ = layer(empty, nil, perSampleWeights: nil) } != nil)
        let many = Tensor.zeros([1, 1], dtype: .int64).expand(1 << 31, 1 << 10)
        #expect(tensorError { _ = layer(many) } != nil)
        let offsets = Tensor.ones([1 << 16], dtype: .int64)
        let message = tensorError { _ = layer(Tensor.zeros([3], dtype: .int64), offsets) }?.message
        #expect((message ?? "").utf8.count < 400)
        #expect(
            layer(Tensor.zeros([2, 0], dtype: .int64)).array(as: Float.self)
                == .init(repeating: 0, count: 6))
    }

    @Test("a padding row before all rows is no row")
    func padding() {
        #expect(tensorError { _ = EmbeddingBag(-3, 2, paddingIndex: .min) } != nil)
        #expect(tensorError { _ = Embedding(-3, 2, paddingIndex: .min) } != nil)
    }

    @Test("more layers of a transformer than there is any use for are an error")
    func transformers() {
        for count in [1 << 16, 1 << 40, .max] {
            #expect(
                tensorError {
                    _ = Transformer(
                        dModel: 4, nhead: 2, numEncoderLayers: count, numDecoderLayers: 1,
                        dimFeedforward: 3)
                }?.kind == .argument)
            let layer = TransformerDecoderLayer(4, 2, dimFeedforward: 3)
            #expect(
                tensorError { _ = TransformerDecoder(layer, numLayers: count) }?.kind == .argument)
        }
        let layer = TransformerEncoderLayer(4, 2, dimFeedforward: 3)
        #expect(TransformerEncoder(layer, numLayers: 3).layers.count == 3)
        #expect(TransformerEncoder(layer, numLayers: -1).layers.isEmpty)
    }

    @Test("a cell whose gates cannot be counted is an error")
    func cells() {
        #expect(tensorError { _ = GRUCell(3, .max)(Tensor.zeros(3)) } != nil)
        #expect(tensorError { _ = LSTMCell(3, .max)(Tensor.zeros(2, 3)) } != nil)
        #expect(tensorError { _ = RNNCell(3, .max)(Tensor.zeros(3)) } != nil)
    }

    @Test("a kernel without sizes is an error, also where its padding follows from them")
    func kernels() {
        let x = Tensor.zeros(1, 2, 4, 4)
        for mode in [PaddingMode.reflect, .replicate, .circular, .zeros] {
            let same = Conv2d(
                2, 2, kernelSize: [Int](), padding: Padding.sameSize, paddingMode: mode)
            #expect(tensorError { _ = same(x) } != nil)
        }
    }

    @Test("labels that cannot be read are an error, and no samples have no losses")
    func labels() {
        let lengths = Tensor([3, 3], dtype: .int64)
        let one = Tensor([1, 1], dtype: .int64)
        for targets in [
            Tensor.zeros([2, 2], dtype: .int64, device: .meta),
            Tensor.zeros([2], dtype: .int64, device: .meta),
        ] {
            #expect(
                tensorError {
                    _ = ctcLoss(
                        Tensor.zeros(3, 2, 4), targets, inputLengths: lengths, targetLengths: one)
                }?.kind == .device)
        }
        let none = Tensor.zeros([0], dtype: .int64)
        let losses = ctcLoss(
            Tensor.zeros([5, 0, 4]), Tensor.zeros([0, 2], dtype: .int64), inputLengths: none,
            targetLengths: none, reduction: .none)
        #expect(losses.shape == [0])
    }
}
