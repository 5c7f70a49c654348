// Sums of products over named dimensions.

/// A tensor whose dimensions have names, whole numbers that each occur once.
private struct Labelled {
    var tensor: Tensor
    var labels: [Int]

    func size(_ label: Int) -> Int? { labels.firstIndex(of: label).map { tensor.sizes[$0] } }

    /// Without the dimensions `gone`, which are summed over.
    func summed(_ gone: [Int]) -> Labelled {
        let dims = labels.indices.filter { gone.contains(labels[$0]) }
        if dims.isEmpty { return self }
        return Labelled(
            tensor: tensor.sum(dim: dims), labels: labels.filter { !gone.contains($0) })
    }

    /// With dimensions in this order.
    func ordered(_ order: [Int]) -> Tensor {
        if order == labels { return tensor }
        return tensor.permute(order.map { labels.firstIndex(of: $0)! })
    }

    /// With dimensions of size 1 as long as those of the same name in `other`.
    func widened(to other: Labelled) -> Labelled {
        var shape = tensor.shape
        for (i, label) in labels.enumerated() where shape[i] == 1 {
            if let size = other.size(label) { shape[i] = size }
        }
        return shape == tensor.shape ? self : Labelled(tensor: tensor.expand(shape), labels: labels)
    }

    /// The product with `other`, summed over what is not in `kept`: a batch of matrix products.
    func times(_ other: Labelled, keeping kept: Set<Int>) -> Labelled {
        let left = summed(labels.filter { !kept.contains($0) && !other.labels.contains($0) })
        let right = other.summed(
            other.labels.filter { !kept.contains($0) && !labels.contains($0) })
        let (a, b) = (left.widened(to: right), right.widened(to: left))
        let shared = a.labels.filter { b.labels.contains($0) }
        let (batch, inner) = (
            shared.filter { kept.contains($0) }, shared.filter { !kept.contains($0) }
        )
        let rows = a.labels.filter { !shared.contains($0) }
        let columns = b.labels.filter { !shared.contains($0) }
        func sizes(_ labels: [Int], _ of: Labelled) -> [Int] { labels.map { of.size($0)! } }
        let (g, m, n, k) = (
            sizes(batch, a).reduce(1, &*), sizes(rows, a).reduce(1, &*),
            sizes(columns, b).reduce(1, &*), sizes(inner, a).reduce(1, &*)
        )
        let x = a.ordered(batch + rows + inner).reshape([g, m, k])
        let y = b.ordered(batch + inner + columns).reshape([g, k, n])
        return Labelled(
            tensor: x.matmul(y).reshape(sizes(batch, a) + sizes(rows, a) + sizes(columns, b)),
            labels: batch + rows + columns)
    }
}

/// An equation such as "bij,bjk->bik", taken apart. Letters are named by their place in the
/// alphabet, the dimensions of an ellipsis by -1, -2 and so on, from the last.
private struct Equation {
    var operands: [[Int]] = []
    var output: [Int] = []

    init(_ text: String, _ tensors: [Tensor]) throws(TensorError) {
        let letters = text.filter { $0 != " " }
        let sides = letters.split(
            separator: "->", maxSplits: 2, omittingEmptySubsequences: false)
        let inputs = sides[0].split(separator: ",", omittingEmptySubsequences: false)
        if sides.count > 2 || inputs.count != tensors.count {
            throw TensorError(
                .argument,
                "the equation '\(text)' has \(inputs.count) operands on its left side, and "
                    + "\(tensors.count) tensors were given")
        }
        var counts: [Int: Int] = [:]
        var ellipsis = 0
        for (part, tensor) in zip(inputs, tensors) {
            let labels = try Equation.labels(part, rank: tensor.ndim)
            ellipsis = Swift.max(ellipsis, labels.filter { $0 < 0 }.count)
            for label in labels { counts[label, default: 0] += 1 }
            operands.append(labels)
        }
        let dots = (0..<ellipsis).map { $0 - ellipsis }
        if sides.count == 2 {
            output = try Equation.labels(sides[1], ellipsis: ellipsis)
            if let missing = output.first(where: { counts[$0] == nil }) {
                throw TensorError(
                    .argument,
                    "the result names '\(Equation.name(missing))', which no operand of '\(text)' "
                        + "has")
            }
            if Set(output).count != output.count {
                throw TensorError(.argument, "the result of '\(text)' names a dimension twice")
            }
        } else {
            output = dots + counts.keys.filter { $0 >= 0 && counts[$0] == 1 }.sorted()
        }
    }

    private static func name(_ label: Int) -> String {
        label < 0 ? "..." : String(UnicodeScalar(UInt8(label)))
    }

    private static func labels(_ part: Substring, rank: Int) throws(TensorError) -> [Int] {
        let named = part.filter { $0 != "." }.count
        let labels = try self.labels(part, ellipsis: Swift.max(rank - named, 0))
        if labels.count != rank {
            throw TensorError(
                .shape,
                "the operand '\(part)' names \(named) dimensions, and its tensor has \(rank)")
        }
        return labels
    }

    private static func labels(_ part: Substring, ellipsis: Int) throws(TensorError) -> [Int] {
        var labels: [Int] = []
        var rest = part[...]
        var seen = false
        while let letter = rest.first {
            if rest.hasPrefix("..."), !seen {
                labels += (0..<ellipsis).map { $0 - ellipsis }
                rest = rest.dropFirst(3)
                seen = true
                continue
            }
            guard letter.isLetter, let code = letter.asciiValue else {
                throw TensorError(
                    .argument,
                    "'\(letter)' in '\(part)' is no dimension: they are letters, and one ellipsis")
            }
            labels.append(Int(code))
            rest = rest.dropFirst()
        }
        return labels
    }
}

/// Sums of products of the elements of `tensors` over the dimensions that `equation` names:
/// "ij,jk->ik" is the matrix product. A name that occurs twice in one operand stands for its
/// diagonal, "..." for any further dimensions, which broadcast; without "->" the result has the
/// names that occur once, in the alphabet's order. Operands meet from left to right. Same as
/// `torch.einsum`.
///
/// - Errors: `.argument` for an equation that says nothing, `.shape` where the tensors do not fit
///   it, `.dtype` where the types of two operands differ.
public func einsum(_ equation: String, _ tensors: [Tensor]) -> Tensor {
    if let poisoned = tensors.first(where: { $0.isPoisoned }) { return poisoned }
    return Failure.running("einsum") { () throws(TensorError) in
        if tensors.isEmpty {
            throw TensorError(.argument, "there is nothing to multiply: no tensor was given")
        }
        let parsed = try Equation(equation, tensors)
        var sizes: [Int: Int] = [:]
        var operands: [Labelled] = []
        for (tensor, labels) in zip(tensors, parsed.operands) {
            for (label, size) in zip(labels, tensor.shape) {
                let known = sizes[label] ?? 1
                if known != size, known != 1, size != 1 {
                    throw TensorError(
                        .shape,
                        "the tensors' sizes do not fit '\(equation)': one name stands for \(known) "
                            + "and for \(size)")
                }
                sizes[label] = known == 1 ? size : known
            }
            operands.append(try diagonals(tensor, labels))
        }
        var product = operands[0]
        for i in 1..<Swift.max(operands.count, 1) {
            let later = operands.dropFirst(i + 1).flatMap(\.labels)
            product = product.times(operands[i], keeping: Set(parsed.output + later))
            if product.tensor.isPoisoned { return product.tensor }
        }
        product = product.summed(product.labels.filter { !parsed.output.contains($0) })
        return product.ordered(parsed.output)
    }
}

/// The same for tensors one after another.
public func einsum(_ equation: String, _ tensors: Tensor...) -> Tensor {
    einsum(equation, tensors)
}

/// Takes the diagonal of dimensions that have one name.
private func diagonals(_ tensor: Tensor, _ labels: [Int]) throws(TensorError) -> Labelled {
    var (tensor, labels) = (tensor, labels)
    while let j = labels.indices.first(where: { labels[..<$0].contains(labels[$0]) }) {
        let i = labels.firstIndex(of: labels[j])!
        if tensor.sizes[i] != tensor.sizes[j] {
            throw TensorError(
                .shape,
                "a name that occurs twice in one operand needs two equal sizes, not "
                    + "\(tensor.sizes[i]) and \(tensor.sizes[j])")
        }
        tensor = tensor.diagonal(dim1: i, dim2: j)
        let label = labels.remove(at: j)
        labels.remove(at: i)
        labels.append(label)
    }
    return Labelled(tensor: tensor, labels: labels)
}

extension Tensor {
    /// The sums of products over pairs of dimensions: those of this tensor that the first list
    /// names with those of `other` that the second names. A size of 1 broadcasts. Same as
    /// `torch.tensordot`.
    ///
    /// - Errors: `.shape` where the sizes of a pair differ, `.index` for dimensions that are not
    ///   there or are named twice, `.dtype` where the types differ.
    public func tensordot(_ other: Tensor, dims: ([Int], [Int])) -> Tensor {
        Failure.running("tensordot") { () throws(TensorError) in
            if dims.0.count != dims.1.count {
                throw TensorError(
                    .argument, "each dimension needs a partner: \(dims.0) and \(dims.1)")
            }
            var labels = (Array(0..<ndim), (0..<other.ndim).map { ndim + $0 })
            var seen: Set<Int> = []
            for (p, q) in zip(dims.0, dims.1) {
                let (i, j) = (try Dim.resolve(p, ndim), try Dim.resolve(q, other.ndim))
                if ndim == 0 || other.ndim == 0 {
                    throw TensorError(.index, "a 0-dimensional tensor has no dimension to pair")
                }
                if !seen.insert(i).inserted || !seen.insert(ndim + j).inserted {
                    throw TensorError(
                        .index, "a dimension is named twice in \(dims.0) and \(dims.1)")
                }
                let (size, partner) = (sizes[i], other.sizes[j])
                if size != partner, size != 1, partner != 1 {
                    throw TensorError(
                        .shape,
                        "contracted dimensions need to match, but first has size \(size) in dim "
                            + "\(p) and second has size \(partner) in dim \(q)")
                }
                labels.1[j] = i
            }
            let left = labels.0.filter { !seen.contains($0) }
            let right = labels.1.filter { $0 >= ndim }
            let product = Labelled(tensor: self, labels: labels.0)
                .times(
                    Labelled(tensor: other, labels: labels.1), keeping: Set(left + right))
            return product.ordered(left + right)
        }
    }

    /// The sums of products over the last `dims` dimensions of this tensor and the first of
    /// `other`.
    public func tensordot(_ other: Tensor, dims: Int = 2) -> Tensor {
        if dims < 0 || dims > Swift.min(ndim, other.ndim) {
            return Failure.poison(
                TensorError(
                    .argument,
                    "dims is \(dims), and the tensors have \(ndim) and \(other.ndim) dimensions",
                    operation: "tensordot"))
        }
        return tensordot(other, dims: (Array((ndim - dims)..<ndim), Array(0..<dims)))
    }
}
