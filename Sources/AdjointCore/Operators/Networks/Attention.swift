/// softmax(query · keyᵀ · scale + mask) · value over the last two dimensions: query [..., l, e], key
/// [..., s, e], value [..., s, v] give [..., l, v]. Same as
/// `torch.nn.functional.scaled_dot_product_attention`.
///
/// - Parameters:
///   - query: [..., l, e].
///   - key: [..., s, e].
///   - value: [..., s, v].
///   - mask: Booleans, true where a key takes part, or numbers that are added to the scores;
///     broadcast to [..., l, s]. A query without any key gets zeros.
///   - dropoutP: The probability with which a weight becomes 0.
///   - isCausal: Whether query i sees keys up to i alone.
///   - scale: 1/√e unless given.
///   - enableGQA: Whether fewer heads of key and value (the last dimension but two) are repeated
///     for those of the query.
/// - Errors: `.shape` where shapes do not fit, `.argument` for a mask together with `isCausal`,
///   `.dtype` where the dtypes differ or are not floating-point.
public func scaledDotProductAttention(
    _ query: Tensor, _ key: Tensor, _ value: Tensor, mask: Tensor? = nil, dropoutP: Double = 0,
    isCausal: Bool = false, scale: Double? = nil, enableGQA: Bool = false
) -> Tensor {
    func refuse(_ kind: TensorError.Kind, _ message: String) -> Tensor {
        Failure.poison(
            TensorError(kind, message, operation: "scaledDotProductAttention"), like: query.sizes,
            query.dtype)
    }
    if query.isPoisoned || key.isPoisoned || value.isPoisoned || mask?.isPoisoned == true {
        return Tensor.poisoned(query.sizes, query.dtype)
    }
    let halved = (query.halved, key.halved, value.halved)
    if halved.0 !== query || halved.1 !== key || halved.2 !== value {
        return scaledDotProductAttention(
            halved.0, halved.1, halved.2, mask: mask, dropoutP: dropoutP, isCausal: isCausal,
            scale: scale, enableGQA: enableGQA)
    }
    if !query.dtype.isFloatingPoint || key.dtype != query.dtype || value.dtype != query.dtype {
        return refuse(
            .dtype,
            "expected query, key and value of one floating-point dtype, but got \(query.dtype), "
                + "\(key.dtype) and \(value.dtype)")
    }
    guard query.ndim >= 2, key.ndim >= 2, value.ndim >= 2,
        query.shape.last == key.shape.last,
        key.shape[key.ndim - 2] == value.shape[value.ndim - 2]
    else {
        return refuse(
            .shape,
            "expected query [..., l, e], key [..., s, e] and value [..., s, v], but got "
                + "\(query.shape), \(key.shape) and \(value.shape)")
    }
    if isCausal && mask != nil {
        return refuse(.argument, "isCausal is a mask already; give one or the other")
    }
    var (key, value) = (key, value)
    if enableGQA {
        guard query.ndim >= 3, let heads = repeated(key, for: query),
            let values = repeated(value, for: query)
        else {
            return refuse(
                .shape,
                "the heads of key \(key.shape) and value \(value.shape) do not divide those of "
                    + "query \(query.shape)")
        }
        (key, value) = (heads, values)
    }
    let width = Swift.max(query.shape[query.ndim - 1], 1)
    var scores = query.matmul(key.mT) * (scale ?? 1 / Double(width).squareRoot())
    if isCausal {
        let (rows, columns) = (scores.shape[scores.ndim - 2], scores.shape[scores.ndim - 1])
        let seen = Tensor.ones([rows, columns], dtype: .bool, device: query.device).tril()
        scores = Tensor.where(seen, scores, -Double.infinity)
    }
    var weights: Tensor
    if let mask {
        scores =
            mask.dtype == .bool
            ? Tensor.where(mask, scores, -Double.infinity) : scores + mask.to(scores.dtype)
        // Where nothing takes part the softmax would be 0 / 0.
        let isEmpty = (scores.detach() .== -Double.infinity).all(dim: -1, keepDim: true)
        weights = Tensor.where(isEmpty, 0, scores).softmax(dim: -1)
        weights = Tensor.where(isEmpty, 0, weights)
    } else {
        weights = scores.softmax(dim: -1)
    }
    if dropoutP != 0 { weights = dropout(weights, p: dropoutP) }
    return weights.matmul(value)
}

/// Each head as often as `query` has heads for it; nil where the numbers do not fit.
private func repeated(_ x: Tensor, for query: Tensor) -> Tensor? {
    guard x.ndim >= 3 else { return nil }
    let (heads, wanted) = (x.shape[x.ndim - 3], query.shape[query.ndim - 3])
    if heads == wanted { return x }
    guard heads > 0, wanted % heads == 0 else { return nil }
    var sizes = x.shape
    sizes.insert(wanted / heads, at: x.ndim - 2)
    let lead = Array(x.shape.dropLast(3))
    return x.unsqueeze(-3).expand(sizes).reshape(lead + [wanted] + x.shape.suffix(2))
}
