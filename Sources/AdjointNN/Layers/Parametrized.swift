public import AdjointCore

/// A layer one of whose parameters is computed anew for each call: `weightNorm`, `spectralNorm`.
/// The state has PyTorch's names, such as "parametrizations.weight.original0".
public class ParametrizedLayer: HookedLayer, @unchecked Sendable {
    /// The layer inside. Its own parameter holds what the one that it is called with comes from.
    public final let layer: any Layer
    /// The name of the parameter.
    public final let name: String
    fileprivate final let original: Tensor

    fileprivate init(_ layer: any Layer, _ name: String, _ operation: String) {
        self.layer = layer
        self.name = name
        for part in layer.parts where part.name == name {
            if case .parameter(let tensor) = part.content {
                original = tensor
                return
            }
        }
        original = Failure.poison(
            TensorError(
                .argument, "\(type(of: layer)) has no parameter '\(name)'", operation: operation))
    }

    /// What the layer is called with.
    fileprivate func parameter() -> Tensor { original }
    /// The tensors that it comes from, by the names after "parametrizations.NAME.".
    fileprivate var sources: [(String, ModulePart.Content)] { [("original", .parameter(original))] }

    public final var parts: [ModulePart] {
        layer.parts.filter { $0.name != name }
            + sources.map { ModulePart("parametrizations.\(name).\($0.0)", $0.1) }
    }

    public final func forward(_ x: Tensor) -> Tensor {
        if original.isPoisoned { return original }
        // The layer inside is no part, so that the mode does not reach it by itself.
        if layer.isTraining != isTraining { layer.train(isTraining) }
        return functionalCall(layer, [name: parameter()]) { layer.hooked(x) }
    }
}

/// A layer whose weight is g v / |v|: its length and its direction are learnt apart (Salimans and
/// Kingma, 2016).
public final class WeightNormLayer: ParametrizedLayer, @unchecked Sendable {
    /// The lengths, "original0"; the direction v is "original1".
    public let g: Parameter
    private let normed: [Int]

    fileprivate init(_ layer: any Layer, name: String, dim: Int?) {
        var dims: [Int] = []
        var start = Tensor.zeros([])
        for part in layer.parts where part.name == name {
            if case .parameter(let v) = part.content {
                let i = dim.map { $0 < 0 ? $0 + v.ndim : $0 }
                dims = (0..<v.ndim).filter { $0 != i }
                start = noGrad { WeightNormLayer.length(v.detach(), dims, isWhole: dim == nil) }
                if let i, !(0..<v.ndim).contains(i) {
                    start = Failure.poison(
                        TensorError(
                            .index, "'\(name)' of shape \(v.shape) has no dimension \(i)",
                            operation: "weightNorm"))
                }
            }
        }
        g = Parameter(start)
        normed = dims
        isWhole = dim == nil
        super.init(layer, name, "weightNorm")
    }

    private let isWhole: Bool

    private static func length(_ v: Tensor, _ dims: [Int], isWhole: Bool) -> Tensor {
        if isWhole { return v.norm() }
        return dims.isEmpty ? v.abs() : v.norm(2, dim: dims, keepDim: true)
    }

    override fileprivate func parameter() -> Tensor {
        original * (g / WeightNormLayer.length(original, normed, isWhole: isWhole))
    }

    override fileprivate var sources: [(String, ModulePart.Content)] {
        [("original0", .parameter(g)), ("original1", .parameter(original))]
    }
}

/// `layer` with its parameter `name` as g v / |v|, where v starts as the parameter and g as its
/// length: one for each position along `dim`, or one of all with nil. Same as
/// `torch.nn.utils.parametrizations.weight_norm`.
///
/// - Errors: `.argument` for a name that is no parameter of the layer, `.index` for a dimension
///   that it does not have.
public func weightNorm(_ layer: any Layer, name: String = "weight", dim: Int? = 0)
    -> WeightNormLayer
{
    WeightNormLayer(layer, name: name, dim: dim)
}

/// A layer whose weight is divided by its largest singular value, which a power iteration follows
/// in training (Miyato et al., 2018).
public final class SpectralNormLayer: ParametrizedLayer, @unchecked Sendable {
    /// The left singular vector; nil for a weight that is a vector.
    public let u: Buffer?
    /// The right singular vector.
    public let v: Buffer?
    /// How many steps of the iteration each call in training takes.
    public let powerIterations: Int
    /// The least that a vector's length counts.
    public let eps: Double
    private let dim: Int

    fileprivate init(_ layer: any Layer, name: String, powerIterations: Int, eps: Double, dim: Int)
    {
        self.powerIterations = powerIterations
        self.eps = eps
        self.dim = dim
        var start: (u: Tensor, v: Tensor)?
        for part in layer.parts where part.name == name {
            if case .parameter(let w) = part.content, w.ndim > 1,
                (-w.ndim..<w.ndim).contains(dim)
            {
                let matrix = SpectralNormLayer.matrix(w.detach(), dim)
                func vector(_ size: Int) -> Tensor {
                    normalize(
                        Tensor.randn([size], dtype: w.dtype, device: w.device), dim: 0, eps: eps)
                }
                start = noGrad {
                    SpectralNormLayer.iterate(
                        matrix, vector(matrix.shape[0]), vector(matrix.shape[1]), 15, eps)
                }
            }
        }
        u = start.map { Buffer($0.u) }
        v = start.map { Buffer($0.v) }
        super.init(layer, name, "spectralNorm")
        if powerIterations < 1 || (original.ndim > 1 && u == nil && !original.isPoisoned) {
            Failure.raise(
                TensorError(
                    .argument,
                    "expected at least 1 power iteration and a dimension of the parameter, but got "
                        + "\(powerIterations) and \(dim)", operation: "spectralNorm"))
        }
    }

    /// The weight as rows along `dim`.
    private static func matrix(_ w: Tensor, _ dim: Int) -> Tensor {
        w.transpose(0, dim).flatten(startDim: 1)
    }

    private static func iterate(
        _ matrix: Tensor, _ u: Tensor, _ v: Tensor, _ count: Int, _ eps: Double
    ) -> (u: Tensor, v: Tensor) {
        var (u, v) = (u, v)
        for _ in 0..<max(count, 0) {
            u = normalize(matrix.matmul(v), dim: 0, eps: eps)
            v = normalize(matrix.t().matmul(u), dim: 0, eps: eps)
        }
        return (u, v)
    }

    override fileprivate func parameter() -> Tensor {
        guard let u, let v else { return normalize(original, dim: 0, eps: eps) }
        let matrix = SpectralNormLayer.matrix(original, dim)
        if isTraining {
            noGrad {
                let next = SpectralNormLayer.iterate(matrix.detach(), u, v, powerIterations, eps)
                u.copy_(next.u)
                v.copy_(next.v)
            }
        }
        // Copies: the vectors may move again before the backward pass.
        let (left, right) = (u.clone(), v.clone())
        return original / (left * matrix.matmul(right)).sum()
    }

    override fileprivate var sources: [(String, ModulePart.Content)] {
        [("original", .parameter(original))]
            + [("0._u", u), ("0._v", v)].compactMap { name, vector in
                vector.map { (name, .buffer($0)) }
            }
    }
}

/// `layer` with its parameter `name` divided by the largest singular value of it as a matrix, rows
/// along `dim` (0 unless the layer is a transposed convolution: 1). Same as
/// `torch.nn.utils.parametrizations.spectral_norm`.
///
/// - Parameters:
///   - layer: Whose parameter it is.
///   - name: The parameter's name.
///   - powerIterations: How often each call in training improves the singular vectors.
///   - eps: The least length that a vector is divided by.
///   - dim: The dimension of the rows.
/// - Errors: `.argument` for a name that is no parameter of the layer, a dimension that it does
///   not have, or no iterations.
public func spectralNorm(
    _ layer: any Layer, name: String = "weight", powerIterations: Int = 1, eps: Double = 1e-12,
    dim: Int? = nil
) -> SpectralNormLayer {
    SpectralNormLayer(
        layer, name: name, powerIterations: powerIterations, eps: eps,
        dim: dim ?? (layer is ConvTransposeLayer ? 1 : 0))
}
