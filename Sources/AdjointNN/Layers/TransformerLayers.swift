public import AdjointCore

/// The function between the two linear layers of a transformer's feed-forward part.
public enum TransformerActivation: Sendable {
    /// The positive part.
    case relu
    /// x Φ(x), exactly.
    case gelu
    /// A function of one's own, element by element.
    case function(@Sendable (Tensor) -> Tensor)

    func callAsFunction(_ x: Tensor) -> Tensor {
        switch self {
        case .relu: x.relu()
        case .gelu: x.gelu()
        case .function(let function): function(x)
        }
    }
}

/// What a layer of a transformer is made from; the copies of one layer are made from the same.
struct TransformerOptions: Sendable {
    let dModel: Int
    let nhead: Int
    let dimFeedforward: Int
    let dropout: Double
    let activation: TransformerActivation
    let layerNormEps: Double
    let batchFirst: Bool
    let normFirst: Bool
    let bias: Bool
    let dtype: DType

    var attention: MultiheadAttention {
        MultiheadAttention(
            dModel, nhead, dropout: dropout, bias: bias, batchFirst: batchFirst, dtype: dtype)
    }

    var norm: LayerNorm { LayerNorm(dModel, eps: layerNormEps, bias: bias, dtype: dtype) }
}

/// Self-attention and two linear layers, each with a residual connection and a normalisation
/// (Vaswani et al., 2017), or with the normalisation first (Xiong et al., 2020).
public final class TransformerEncoderLayer: HookedLayer {
    /// The attention of the sequence to itself.
    public let selfAttn: MultiheadAttention
    /// From the model's width to that of the feed-forward part.
    public let linear1: Linear
    let dropout: Dropout
    /// From the width of the feed-forward part back.
    public let linear2: Linear
    /// The normalisation of the attention.
    public let norm1: LayerNorm
    /// The normalisation of the feed-forward part.
    public let norm2: LayerNorm
    let dropout1: Dropout
    let dropout2: Dropout
    private let options: TransformerOptions

    /// - Parameters:
    ///   - dModel: The width of inputs and outputs, a multiple of `nhead`.
    ///   - nhead: How many heads share out the width.
    ///   - dimFeedforward: The width between the linear layers.
    ///   - dropout: The probability with which an element becomes 0 in training.
    ///   - activation: The function between the linear layers.
    ///   - layerNormEps: What normalisations add to variances.
    ///   - batchFirst: Whether sequences are [batch, length, width] rather than [length, batch,
    ///     width].
    ///   - normFirst: Whether normalisations stand before the parts rather than after the sums.
    ///   - bias: Whether linear layers and normalisations have shifts.
    ///   - dtype: The type of the parameters.
    public convenience init(
        _ dModel: Int, _ nhead: Int, dimFeedforward: Int = 2048, dropout: Double = 0.1,
        activation: TransformerActivation = .relu, layerNormEps: Double = 1e-5,
        batchFirst: Bool = false, normFirst: Bool = false, bias: Bool = true,
        dtype: DType = .float32
    ) {
        self.init(
            TransformerOptions(
                dModel: dModel, nhead: nhead, dimFeedforward: dimFeedforward, dropout: dropout,
                activation: activation, layerNormEps: layerNormEps, batchFirst: batchFirst,
                normFirst: normFirst, bias: bias, dtype: dtype))
    }

    init(_ options: TransformerOptions) {
        selfAttn = options.attention
        linear1 = Linear(
            options.dModel, options.dimFeedforward, bias: options.bias, dtype: options.dtype)
        dropout = Dropout(options.dropout)
        linear2 = Linear(
            options.dimFeedforward, options.dModel, bias: options.bias, dtype: options.dtype)
        norm1 = options.norm
        norm2 = options.norm
        dropout1 = Dropout(options.dropout)
        dropout2 = Dropout(options.dropout)
        self.options = options
    }

    /// Another layer with the same weights.
    func copy() -> TransformerEncoderLayer {
        TransformerEncoderLayer(options).taking(stateOf: self)
    }

    public func forward(_ src: Tensor) -> Tensor { encode(src, nil, nil, false) }

    public func callAsFunction(_ src: Tensor) -> Tensor { callWithHooks(src) { forward($0) } }

    /// `src` is [length, batch, width], or as `batchFirst` says, or without the batch. The masks
    /// are those of `MultiheadAttention`.
    public func callAsFunction(
        _ src: Tensor, srcMask: Tensor? = nil, srcKeyPaddingMask: Tensor? = nil,
        isCausal: Bool = false
    ) -> Tensor {
        callWithHooks(src) { encode($0, srcMask, srcKeyPaddingMask, isCausal) }
    }

    private func encode(_ src: Tensor, _ mask: Tensor?, _ padding: Tensor?, _ isCausal: Bool)
        -> Tensor
    {
        func attention(_ x: Tensor) -> Tensor {
            dropout1(
                selfAttn(
                    x, x, x, keyPaddingMask: padding, needWeights: false, attnMask: mask,
                    isCausal: isCausal
                ).output)
        }
        func feedForward(_ x: Tensor) -> Tensor {
            dropout2(linear2(dropout(options.activation(linear1(x)))))
        }
        if options.normFirst {
            let x = src + attention(norm1(src))
            return x + feedForward(norm2(x))
        }
        let x = norm1(src + attention(src))
        return norm2(x + feedForward(x))
    }
}

/// Self-attention, attention to the encoder's output and two linear layers, each with a residual
/// connection and a normalisation (Vaswani et al., 2017).
public final class TransformerDecoderLayer: Module {
    /// The attention of the target to itself.
    public let selfAttn: MultiheadAttention
    /// The attention of the target to the encoder's output.
    public let multiheadAttn: MultiheadAttention
    /// From the model's width to that of the feed-forward part.
    public let linear1: Linear
    let dropout: Dropout
    /// From the width of the feed-forward part back.
    public let linear2: Linear
    /// The normalisation of the attention to itself.
    public let norm1: LayerNorm
    /// The normalisation of the attention to the encoder's output.
    public let norm2: LayerNorm
    /// The normalisation of the feed-forward part.
    public let norm3: LayerNorm
    let dropout1: Dropout
    let dropout2: Dropout
    let dropout3: Dropout
    private let options: TransformerOptions

    /// As `TransformerEncoderLayer`.
    public convenience init(
        _ dModel: Int, _ nhead: Int, dimFeedforward: Int = 2048, dropout: Double = 0.1,
        activation: TransformerActivation = .relu, layerNormEps: Double = 1e-5,
        batchFirst: Bool = false, normFirst: Bool = false, bias: Bool = true,
        dtype: DType = .float32
    ) {
        self.init(
            TransformerOptions(
                dModel: dModel, nhead: nhead, dimFeedforward: dimFeedforward, dropout: dropout,
                activation: activation, layerNormEps: layerNormEps, batchFirst: batchFirst,
                normFirst: normFirst, bias: bias, dtype: dtype))
    }

    init(_ options: TransformerOptions) {
        selfAttn = options.attention
        multiheadAttn = options.attention
        linear1 = Linear(
            options.dModel, options.dimFeedforward, bias: options.bias, dtype: options.dtype)
        dropout = Dropout(options.dropout)
        linear2 = Linear(
            options.dimFeedforward, options.dModel, bias: options.bias, dtype: options.dtype)
        norm1 = options.norm
        norm2 = options.norm
        norm3 = options.norm
        dropout1 = Dropout(options.dropout)
        dropout2 = Dropout(options.dropout)
        dropout3 = Dropout(options.dropout)
        self.options = options
    }

    /// Another layer with the same weights.
    func copy() -> TransformerDecoderLayer {
        TransformerDecoderLayer(options).taking(stateOf: self)
    }

    /// `tgt` and the encoder's output `memory` are [length, batch, width], or as `batchFirst` says,
    /// or without the batch. The masks are those of `MultiheadAttention`, of both attentions.
    public func callAsFunction(
        _ tgt: Tensor, _ memory: Tensor, tgtMask: Tensor? = nil, memoryMask: Tensor? = nil,
        tgtKeyPaddingMask: Tensor? = nil, memoryKeyPaddingMask: Tensor? = nil,
        tgtIsCausal: Bool = false, memoryIsCausal: Bool = false
    ) -> Tensor {
        callWithHooks([tgt, memory]) { inputs in
            let memory = inputs[1]
            func attention(_ x: Tensor) -> Tensor {
                dropout1(
                    selfAttn(
                        x, x, x, keyPaddingMask: tgtKeyPaddingMask, needWeights: false,
                        attnMask: tgtMask, isCausal: tgtIsCausal
                    ).output)
            }
            func lookup(_ x: Tensor) -> Tensor {
                dropout2(
                    multiheadAttn(
                        x, memory, memory, keyPaddingMask: memoryKeyPaddingMask,
                        needWeights: false, attnMask: memoryMask, isCausal: memoryIsCausal
                    ).output)
            }
            func feedForward(_ x: Tensor) -> Tensor {
                dropout3(linear2(dropout(options.activation(linear1(x)))))
            }
            if options.normFirst {
                var x = inputs[0] + attention(norm1(inputs[0]))
                x = x + lookup(norm2(x))
                return [x + feedForward(norm3(x))]
            }
            var x = norm1(inputs[0] + attention(inputs[0]))
            x = norm2(x + lookup(x))
            return [norm3(x + feedForward(x))]
        }[0]
    }
}

extension Module {
    /// This module with the tensors of another of its kind, its dtype, device and mode.
    fileprivate func taking(stateOf other: Self) -> Self {
        if let tensor = other.parameters().first, !tensor.isPoisoned {
            to(tensor.dtype).to(tensor.device)
        }
        noGrad {
            for (own, tensor) in zip(parameters(), other.parameters()) {
                own.copy_(tensor.detach())
                own.requiresGrad_(tensor.requiresGrad)
            }
        }
        return train(other.isTraining)
    }
}
