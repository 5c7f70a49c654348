import Adjoint
import AdjointTesting
import Testing

@Suite struct AttentionTests {
    private func input(_ shape: Int...) -> Tensor {
        withGenerator(seed: 9) { Tensor.randn(shape, dtype: .float64) }
    }

    @Test("a key that is passed over might as well not be there")
    func padding() throws {
        let layer = MultiheadAttention(8, 2, batchFirst: true, dtype: .float64)
        let (q, k) = (input(2, 3, 8), input(2, 5, 8))
        let padding = Tensor([
            [false, false, false, true, true], [false, false, false, true, true],
        ])
        let (masked, weights) = layer(q, k, k, keyPaddingMask: padding)
        let short = k[.all, 0..<3]
        let (cut, own) = layer(q, short, short)
        try expectClose(masked, cut)
        try expectClose(try #require(weights)[.all, .all, 0..<3], try #require(own))
        let added = Tensor.zeros([2, 5], dtype: .float64).maskedFill(padding, -Double.infinity)
        try expectClose(layer(q, k, k, keyPaddingMask: added, needWeights: false).output, cut)
    }

    @Test("masks say the same in all their forms")
    func masks() throws {
        let layer = MultiheadAttention(8, 2, dtype: .float64)
        let x = input(4, 3, 8)
        let causal = Tensor.ones([4, 4], dtype: .bool).triu(diagonal: 1)
        let wanted = layer(x, x, x, attnMask: causal).output
        let forEach = causal.unsqueeze(0).expand(6, 4, 4)
        try expectClose(layer(x, x, x, isCausal: true).output, wanted)
        try expectClose(layer(x, x, x, needWeights: false, attnMask: causal).output, wanted)
        try expectClose(layer(x, x, x, attnMask: forEach).output, wanted)
        let added = Transformer.generateSquareSubsequentMask(4, dtype: .float64)
        try expectClose(layer(x, x, x, attnMask: added).output, wanted)
        // Without the batch, and by three projections instead of one.
        let one = x[.all, 1]
        try expectClose(layer(one, one, one, attnMask: causal).output, wanted[.all, 1])
        try expectClose(layer(x, x.clone(), x.clone(), attnMask: causal).output, wanted)
    }

    @Test("weights are shares, of the heads' mean or of each")
    func weights() throws {
        let layer = MultiheadAttention(
            8, 4, addBiasKV: true, addZeroAttn: true, kdim: 5, batchFirst: true, dtype: .float64)
        let (q, k, v) = (input(2, 3, 8), input(2, 6, 5), input(2, 6, 8))
        let mean = try #require(layer(q, k, v).weights)
        let all = try #require(layer(q, k, v, averageAttnWeights: false).weights)
        #expect(mean.shape == [2, 3, 8] && all.shape == [2, 4, 3, 8])
        try expectClose(all.sum(dim: -1), Tensor.ones([2, 4, 3], dtype: .float64))
        try expectClose(all.mean(dim: 1), mean)
        #expect(layer(q, k, v, needWeights: false).weights == nil)
        #expect(
            Set(layer.stateDict().keys) == [
                "q_proj_weight", "k_proj_weight", "v_proj_weight", "in_proj_bias", "bias_k",
                "bias_v", "out_proj.weight", "out_proj.bias",
            ])
        // The further keys stay when all others are passed over.
        let none = Tensor.ones([2, 6], dtype: .bool)
        let left = try #require(layer(q, k, v, keyPaddingMask: none).weights)
        #expect(left[.all, .all, 0..<6].abs().sum().item(as: Double.self) == 0)
    }

    @Test("what does not fit is refused")
    func refusals() {
        let layer = MultiheadAttention(8, 2)
        let x = Tensor.ones(4, 3, 8)
        let wrongs: [@Sendable () -> Void] = [
            { _ = layer(x, x, Tensor.ones(4, 3, 7)) },
            { _ = layer(x, Tensor.ones(4, 2, 8), Tensor.ones(4, 2, 8)) },
            { _ = layer(x, x, x[0]) }, { _ = layer(x, x[0..<2], x) },
            { _ = layer(x, x, x, keyPaddingMask: Tensor.ones(4, 3)) },
            { _ = layer(x, x, x, attnMask: Tensor.ones(3, 4)) },
        ]
        for wrong in wrongs {
            #expect { try catchingTensorErrors { wrong() } } throws: {
                ($0 as? TensorError)?.kind == .shape
            }
        }
        for heads in [0, 3, -2] {
            #expect {
                try catchingTensorErrors { _ = MultiheadAttention(8, heads)(x, x, x) }
            } throws: { ($0 as? TensorError)?.kind == .argument }
        }
    }

    @Test("the layers of an encoder start as copies, and learn apart")
    func copies() throws {
        let layer = TransformerEncoderLayer(
            8, 2, dimFeedforward: 16, batchFirst: true, normFirst: true, dtype: .float64)
        let encoder = TransformerEncoder(
            layer, numLayers: 2, norm: LayerNorm(8, dtype: .float64))
        let state = encoder.stateDict()
        #expect(state.count == 2 * 12 + 2)
        let name = "linear1.weight"
        try expectClose(
            try #require(state["layers.0.\(name)"]), try #require(state["layers.1.\(name)"]))
        noGrad { _ = encoder.layers[0].linear1.weight.zero_() }
        #expect(encoder.layers[1].linear1.weight.abs().sum().item(as: Double.self) > 0)
        #expect(layer.linear1.weight.abs().sum().item(as: Double.self) > 0)
        // Evaluation reaches the dropouts.
        encoder.eval()
        let x = input(2, 4, 8)
        try expectClose(encoder(x), encoder(x), atol: 0, rtol: 0)
        try expectClose(
            encoder(x, isCausal: true)[.all, 0..<2], encoder(x[.all, 0..<2], isCausal: true))
        let sequence = Sequential(layer, Linear(8, 1, dtype: .float64))
        #expect(sequence(x).shape == [2, 4, 1])
    }

    @Test("a transformer's parts are PyTorch's")
    func transformer() throws {
        let model = Transformer(
            dModel: 8, nhead: 2, numEncoderLayers: 1, numDecoderLayers: 2, dimFeedforward: 16,
            dropout: 0, activation: .gelu, dtype: .float64)
        let names = Set(model.stateDict().keys)
        #expect(names.contains("decoder.layers.1.multihead_attn.out_proj.bias"))
        #expect(names.contains("encoder.norm.weight") && names.count == 12 + 2 * 18 + 4)
        let (src, tgt) = (input(5, 2, 8), input(3, 2, 8))
        let y = model(src, tgt, tgtIsCausal: true)
        // What comes later in the target does not reach what was before.
        try expectClose(model(src, tgt[0..<2], tgtIsCausal: true), y[0..<2])
        #expect(gradcheck({ model($0, tgt).sin().sum() }, [src.clone().requiresGrad_()]))
    }
}
