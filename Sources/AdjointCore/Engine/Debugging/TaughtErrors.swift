/// The error of a second pass through a node whose saved tensors are gone.
enum Freed {
    @inline(never)
    static func error(_ node: Node) -> TensorError {
        let made = node.notes?.made.map { ", made at \($0.line)," } ?? ""
        let freed = node.notes?.freed.map { " at \($0.line)" } ?? ""
        let lines =
            made.isEmpty && freed.isEmpty
            ? ". \(SourceLines.howTo)" : node.notes?.origin.map { ". " + $0.text } ?? ""
        var error = TensorError(
            .graphFreed,
            """
            Trying to backward through the graph a second time: \(node.name)\(made) has freed \
            what it saved in the first pass\(freed). Say backward(retainGraph: true) in the first \
            pass if you need a second, or compute the result again; a tensor made outside a loop \
            and used in each round is the usual cause\(lines)
            """, operation: node.operationName)
        error.evidence = TensorError.Evidence(node: node.sequence)
        return error
    }
}

/// The error of a saved tensor that somebody has written to.
enum Modified {
    @inline(never)
    static func error(_ saved: SavedTensor, _ node: Node, _ what: String) -> TensorError {
        let tensor = saved.tensor!
        let writer = tensor.storage.lastWriterName
        let savedAt = node.notes?.made.map { " (at \($0.line))" } ?? ""
        let trace = WriteRecord.trace(of: tensor.storage)
        let wroteAt = trace.map { " (at \($0.line))" } ?? ""
        let lines = savedAt.isEmpty && wroteAt.isEmpty ? ". \(SourceLines.howTo)" : ""
        let mend =
            writer.hasSuffix("_")
            ? "Write out of place (\(writer.dropLast()) in place of \(writer))"
            : "Write to a copy"
        var error = TensorError(
            .inPlace,
            """
            one of the variables needed for gradient computation has been modified by an inplace \
            operation: \(node.name)\(savedAt) saved its \(what), a \(tensor.dtype) tensor of \
            shape \(tensor.shape), at version \(saved.version); \(writer)\(wroteAt) has written \
            to that memory since, and it is now at version \(tensor.writeCount). \(mend), or clone() \
            the tensor before the write, or write after backward\(lines)
            """, operation: node.operationName)
        error.evidence = TensorError.Evidence(
            node: node.sequence, expected: saved.version, actual: tensor.writeCount,
            storage: tensor.observedStorageTag)
        return error
    }
}

extension NodeNotes.Origin {
    /// A sentence for errors of nodes that a derivative made.
    var text: String {
        "The node was made by the derivative of \(name)"
            + (made.map { ", whose forward call is at \($0.line)" } ?? "")
    }
}
