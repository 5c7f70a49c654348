/// How tensors print: PyTorch's layout, with Swift's spellings.
extension Tensor: CustomStringConvertible, CustomDebugStringConvertible {
    /// The elements in PyTorch's layout, with what is not usual about them: dtype, device,
    /// `requiresGrad` or the node that made them. Large tensors are summarised.
    public var description: String {
        let lead = "tensor("
        var body = "..."
        var notes: [String] = []
        if device != .cpu { notes.append("device: \(device)") }
        if isPoisoned || isBatched || device != .cpu {
            notes.append("size: \(shape)")
            if dtype != .float32 { notes.append("dtype: \(dtype)") }
            if let batch { notes.append("vmap: \(batch.level.size) samples") }
            if isPoisoned { notes.append("poisoned") }
        } else if numel == 0 {
            body = "[]"
            if ndim != 1 { notes.append("size: \(shape)") }
            if dtype != .float32 { notes.append("dtype: \(dtype)") }
        } else {
            body = (try? TensorText(self))?.text(indent: lead.count) ?? "..."
            if ![.float32, .int64, .bool].contains(dtype) { notes.append("dtype: \(dtype)") }
        }
        if let node = gradFn {
            notes.append("gradFn: <\(node.name)>")
        } else if requiresGrad {
            notes.append("requiresGrad: true")
        }
        return Tensor.joined(lead + body, notes, indent: lead.count)
    }

    public var debugDescription: String { description }

    /// Notes go on the last line as long as they fit there.
    private static func joined(_ text: String, _ notes: [String], indent: Int) -> String {
        var text = text
        var line = text.split(separator: "\n", omittingEmptySubsequences: false).last!.count + 1
        for note in notes {
            if line + note.count + 2 > TensorText.lineWidth {
                text += ",\n" + String(repeating: " ", count: indent) + note
                line = indent + note.count
            } else {
                text += ", " + note
                line += note.count + 2
            }
        }
        return text + ")"
    }
}

/// The elements of a tensor as nested rows.
struct TensorText {
    static let lineWidth = 80
    /// Tensors of more elements are summarised, to so many at each end of a dimension.
    static let threshold = 1000
    static let edge = 3

    private let sizes: [Int]
    private let isSummary: Bool
    /// The elements that are shown, row-major, as columns of one width.
    private let columns: NumberColumns

    init(_ tensor: Tensor) throws(TensorError) {
        sizes = tensor.shape
        isSummary = tensor.numel > TensorText.threshold
        let shown: Block = isSummary ? try TensorText.cut(tensor) : tensor
        columns = try NumberColumns(shown)
    }

    /// The elements at the edges of every dimension: a copy, however large the rest is.
    private static func cut(_ tensor: Tensor) throws(TensorError) -> Block {
        let isCut = tensor.sizes.map { $0 > 2 * edge }
        var (sizes, part) = (tensor.sizes, tensor.sizes)
        for d in 0..<tensor.ndim where isCut[d] { (sizes[d], part[d]) = (2 * edge, edge) }
        let joined = try Block(scratch: sizes, tensor.dtype)
        // One copy for each choice of the first or the last ones, in each dimension that is cut.
        for choice in 0..<(1 << isCut.count { $0 }) {
            var (from, to, bit) = (0, 0, 0)
            for d in 0..<tensor.ndim where isCut[d] {
                if choice >> bit & 1 == 1 {
                    from += (tensor.sizes[d] - edge) * tensor.layout.strides[d]
                    to += edge * joined.layout.strides[d]
                }
                bit += 1
            }
            CPU.copyElements(tensor.part(part, from), into: joined.part(part, to))
        }
        return joined
    }

    func text(indent: Int) -> String {
        var next = 0
        return rows(0, indent, &next)
    }

    private func rows(_ d: Int, _ indent: Int, _ next: inout Int) -> String {
        if sizes.isEmpty { return columns.texts[0] }
        let isCut = isSummary && sizes[d] > 2 * TensorText.edge
        let count = isCut ? 2 * TensorText.edge : sizes[d]
        if d == sizes.count - 1 {
            var line = Array(columns.texts[next..<(next + count)])
            next += count
            if isCut { line.insert(" ...", at: TensorText.edge) }
            return "[" + wrapped(line, indent) + "]"
        }
        var parts: [String] = []
        for i in 0..<count {
            if isCut && i == TensorText.edge { parts.append("...") }
            parts.append(rows(d + 1, indent + 1, &next))
        }
        let gap =
            "," + String(repeating: "\n", count: sizes.count - 1 - d)
            + String(repeating: " ", count: indent + 1)
        return "[" + parts.joined(separator: gap) + "]"
    }

    private func wrapped(_ line: [String], _ indent: Int) -> String {
        let perLine = max(1, (TensorText.lineWidth - indent) / (columns.width + 2))
        let lines = stride(from: 0, to: line.count, by: perLine).map {
            line[$0..<min($0 + perLine, line.count)].joined(separator: ", ")
        }
        return lines.joined(separator: ",\n" + String(repeating: " ", count: indent + 1))
    }
}

extension Block {
    /// A part of this block's memory.
    fileprivate func part(_ sizes: Dims, _ offset: Int) -> Block {
        let layout = Layout(
            sizes: sizes, strides: layout.strides, offset: self.layout.offset + offset)
        return Block(storage, layout, dtype, device)
    }
}
