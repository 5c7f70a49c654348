public import AdjointCore

/// Several encoder layers, one after the other.
public final class TransformerEncoder: HookedLayer {
    /// The layers, in order.
    public let layers: [TransformerEncoderLayer]
    /// What stands after the last layer; nil for nothing.
    public let norm: LayerNorm?

    /// - Parameters:
    ///   - layer: What each of the `numLayers` layers starts as a copy of.
    ///   - numLayers: How many layers there are.
    ///   - norm: What stands after the last layer; nil for nothing.
    public init(_ layer: TransformerEncoderLayer, numLayers: Int, norm: LayerNorm? = nil) {
        layers = TransformerLayers.copies(numLayers, of: layer) { layer.copy() }
        self.norm = norm
    }

    public func forward(_ src: Tensor) -> Tensor { encode(src, nil, nil, false) }

    public func callAsFunction(_ src: Tensor) -> Tensor { callWithHooks(src) { forward($0) } }

    /// As `TransformerEncoderLayer`.
    public func callAsFunction(
        _ src: Tensor, mask: Tensor? = nil, srcKeyPaddingMask: Tensor? = nil,
        isCausal: Bool = false
    ) -> Tensor {
        callWithHooks(src) { encode($0, mask, srcKeyPaddingMask, isCausal) }
    }

    private func encode(_ src: Tensor, _ mask: Tensor?, _ padding: Tensor?, _ isCausal: Bool)
        -> Tensor
    {
        let x = layers.reduce(src) { x, layer in
            layer(x, srcMask: mask, srcKeyPaddingMask: padding, isCausal: isCausal)
        }
        return norm?(x) ?? x
    }
}

/// Several decoder layers, one after the other, all looking at one encoder's output.
public final class TransformerDecoder: Module {
    /// The layers, in order.
    public let layers: [TransformerDecoderLayer]
    /// What stands after the last layer; nil for nothing.
    public let norm: LayerNorm?

    /// - Parameters:
    ///   - layer: What each of the `numLayers` layers starts as a copy of.
    ///   - numLayers: How many layers there are.
    ///   - norm: What stands after the last layer; nil for nothing.
    public init(_ layer: TransformerDecoderLayer, numLayers: Int, norm: LayerNorm? = nil) {
        layers = TransformerLayers.copies(numLayers, of: layer) { layer.copy() }
        self.norm = norm
    }

    /// As `TransformerDecoderLayer`.
    public func callAsFunction(
        _ tgt: Tensor, _ memory: Tensor, tgtMask: Tensor? = nil, memoryMask: Tensor? = nil,
        tgtKeyPaddingMask: Tensor? = nil, memoryKeyPaddingMask: Tensor? = nil,
        tgtIsCausal: Bool = false, memoryIsCausal: Bool = false
    ) -> Tensor {
        callWithHooks([tgt, memory]) { inputs in
            let x = layers.reduce(inputs[0]) { x, layer in
                layer(
                    x, inputs[1], tgtMask: tgtMask, memoryMask: memoryMask,
                    tgtKeyPaddingMask: tgtKeyPaddingMask,
                    memoryKeyPaddingMask: memoryKeyPaddingMask, tgtIsCausal: tgtIsCausal,
                    memoryIsCausal: memoryIsCausal)
            }
            return [norm?(x) ?? x]
        }[0]
    }
}

/// An encoder and a decoder that looks at its output (Vaswani et al., 2017).
public final class Transformer: Module {
    /// What reads the source.
    public let encoder: TransformerEncoder
    /// What reads the target, and the encoder's output.
    public let decoder: TransformerDecoder

    /// Matrices start by `Init.xavierUniform_`.
    public init(
        dModel: Int = 512, nhead: Int = 8, numEncoderLayers: Int = 6, numDecoderLayers: Int = 6,
        dimFeedforward: Int = 2048, dropout: Double = 0.1,
        activation: TransformerActivation = .relu, layerNormEps: Double = 1e-5,
        batchFirst: Bool = false, normFirst: Bool = false, bias: Bool = true,
        dtype: DType = .float32
    ) {
        let options = TransformerOptions(
            dModel: dModel, nhead: nhead, dimFeedforward: dimFeedforward, dropout: dropout,
            activation: activation, layerNormEps: layerNormEps, batchFirst: batchFirst,
            normFirst: normFirst, bias: bias, dtype: dtype)
        encoder = TransformerEncoder(
            TransformerEncoderLayer(options), numLayers: numEncoderLayers, norm: options.norm)
        decoder = TransformerDecoder(
            TransformerDecoderLayer(options), numLayers: numDecoderLayers, norm: options.norm)
        for parameter in parameters() where parameter.ndim > 1 { Init.xavierUniform_(parameter) }
    }

    /// The output of the decoder for `tgt` and what the encoder makes of `src`. The masks are those
    /// of `MultiheadAttention`.
    public func callAsFunction(
        _ src: Tensor, _ tgt: Tensor, srcMask: Tensor? = nil, tgtMask: Tensor? = nil,
        memoryMask: Tensor? = nil, srcKeyPaddingMask: Tensor? = nil,
        tgtKeyPaddingMask: Tensor? = nil, memoryKeyPaddingMask: Tensor? = nil,
        srcIsCausal: Bool = false, tgtIsCausal: Bool = false, memoryIsCausal: Bool = false
    ) -> Tensor {
        callWithHooks([src, tgt]) { inputs in
            let memory = encoder(
                inputs[0], mask: srcMask, srcKeyPaddingMask: srcKeyPaddingMask,
                isCausal: srcIsCausal)
            return [
                decoder(
                    inputs[1], memory, tgtMask: tgtMask, memoryMask: memoryMask,
                    tgtKeyPaddingMask: tgtKeyPaddingMask,
                    memoryKeyPaddingMask: memoryKeyPaddingMask, tgtIsCausal: tgtIsCausal,
                    memoryIsCausal: memoryIsCausal)
            ]
        }[0]
    }

    /// [size, size], -∞ above the diagonal and 0 elsewhere: added to scores, query i sees keys up
    /// to i alone.
    public static func generateSquareSubsequentMask(_ size: Int, dtype: DType = .float32) -> Tensor
    {
        Tensor.full([size, size], -Double.infinity, dtype: dtype).triu(diagonal: 1)
    }
}

/// The layers of an encoder or a decoder.
enum TransformerLayers {
    /// How many layers there are at most: each takes milliseconds to make.
    private static let most = 1024

    /// So many copies; none, and an error, for more than there is any use for, or memory.
    static func copies<L: Module>(_ count: Int, of layer: L, _ copy: () -> L) -> [L] {
        func refuse(_ problem: String) -> [L] {
            Failure.raise(TensorError(.argument, problem, operation: "Transformer"))
            return []
        }
        if count > most { return refuse("\(count) layers are too many; the most are \(most)") }
        if Failure.isActive || count < 1 { return [] }
        let bytes = layer.parameters().filter { $0.device == .cpu }
            .reduce(0) { $0 &+ $1.numel &* $1.dtype.itemSize }
        let (whole, overflow) = bytes.multipliedReportingOverflow(by: count)
        if overflow || !TensorMemory.hasRoom(for: whole, of: UInt8.self) {
            return refuse("memory does not hold \(count) layers of \(bytes) bytes each")
        }
        return (0..<count).map { _ in copy() }
    }
}
