public import AdjointCore

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Writes tensors by name as safetensors files of bounded size, `model-00001-of-00003.safetensors`
/// and so on, and the index that names them, `model.safetensors.index.json`: what Hugging Face's
/// libraries write and read, and what `load(from:)` reads by the index's path.
///
/// An interrupted write leaves what was there before, or what was to be written: the index names
/// whole parts at every moment. (On a file system without hard links, one that is interrupted while
/// the finished files get their names leaves no index.) Parts that an older index named, and the new
/// one does not, are removed.
///
/// - Parameters:
///   - state: The tensors by name.
///   - path: A folder, which is made where there is none, or the path of the index:
///     `folder/NAME.safetensors.index.json`.
///   - maxShardBytes: Bytes of tensors a file; a larger tensor has a file of its own.
///   - metadata: Texts by name, to go with the tensors into each file.
/// - Throws: `DataFileError` where a file cannot be written.
/// - Errors: `.argument` for a limit below 1, `.device` for a tensor without data.
public func saveSharded(
    _ state: StateDict, to path: String, maxShardBytes: Int = 5_000_000_000,
    metadata: [String: String] = [:]
) throws {
    if maxShardBytes < 1 {
        Failure.raise(
            TensorError(
                .argument, "maxShardBytes must be at least 1, but is \(maxShardBytes)",
                operation: "saveSharded"))
        return
    }
    let index = try indexPath(path)
    let folder = FileWriter.folder(of: index)
    let stem = String(index.dropFirst(folder.count).dropLast(SafetensorsIndex.ending.count))
    let shards = divided(state, maxShardBytes)
    func name(_ number: Int) -> String {
        "\(stem)-\(fiveDigits(number + 1))-of-\(fiveDigits(shards.count)).safetensors"
    }
    let text = indexText(shards, name)
    // Its lock says that a writer is at work, also on the parts.
    let table = try FileWriter.stage(for: index) { sink throws(DataFileError) in sink.put(text) }
    let old = namedParts(index)
    let parts = TemporaryParts(stem: stem, folder: folder, slot: table.slot, keeping: old)
    var staged: [FileWriter.Staged] = []
    // Whether the index leads to what is staged, so that nothing of it may be removed.
    var isBridged = false
    do throws(DataFileError) {
        for (number, shard) in shards.enumerated() {
            let part = folder + name(number)
            let file = try SafetensorsFile(shard, metadata: metadata, path: part)
            staged.append(try FileWriter.stage(for: part, ofParts: parts, file.put))
        }
        if shards.indices.contains(where: { old.contains(name($0)) }) {
            let names = staged.map { String($0.temporaryPath.dropFirst(folder.count)) }
            let bridge = indexText(shards) { names[$0] }
            let isDone = try exchange(staged, index, bridge, folder, &isBridged)
            if isDone { staged = [] }
        }
        for file in staged { try file.commit() }
        try table.commit()
    } catch {
        if !isBridged { for file in staged { file.discard() } }
        table.discard()
        throw error
    }
    FileWriter.flush(folder)
    parts.remove(keeping: [])
    for part in old.subtracting(shards.indices.map(name)) where isOwn(part, stem) {
        unlink(folder + part)
    }
}

/// Puts parts in the places of those that the index names. Meanwhile an index leads to them under
/// their temporary names, which they keep beside the final ones until the end.
///
/// False where the file system has no hard links; then the old index is removed, as it must not name
/// new parts.
private func exchange(
    _ parts: [FileWriter.Staged], _ index: String, _ bridge: [UInt8], _ folder: String,
    _ isBridged: inout Bool
) throws(DataFileError) -> Bool {
    for part in parts where !part.makeSecondName() {
        for part in parts { part.removeSecondName() }
        unlink(index)
        return false
    }
    let between = try FileWriter.stage(for: index) { sink throws(DataFileError) in
        sink.put(bridge)
    }
    FileWriter.flush(folder)
    do throws(DataFileError) {
        try between.commit()
    } catch {
        between.discard()
        throw error
    }
    isBridged = true
    FileWriter.flush(folder)
    for part in parts { try part.commitSecondName() }
    FileWriter.flush(folder)
    return true
}

/// The path of the index that `path` means.
private func indexPath(_ path: String) throws(DataFileError) -> String {
    if path.hasSuffix(SafetensorsIndex.ending), !path.hasSuffix("/" + SafetensorsIndex.ending),
        path != SafetensorsIndex.ending
    {
        return path
    }
    if mkdir(path, 0o777) != 0, errno != EEXIST {
        throw FileWriter.failure(path, "cannot be created", errno)
    }
    return path + (path.hasSuffix("/") ? "" : "/") + "model" + SafetensorsIndex.ending
}

/// Tensors in order of their names, as many a shard as fit.
private func divided(_ state: StateDict, _ limit: Int) -> [StateDict] {
    var (shards, size) = ([StateDict()], 0)
    for (name, tensor) in state.sorted(by: { $0.key < $1.key }) {
        let product = tensor.numel.multipliedReportingOverflow(by: tensor.dtype.itemSize)
        let bytes = product.overflow ? Int.max : product.partialValue
        if !shards[shards.count - 1].isEmpty, bytes > limit - size {
            shards.append([:])
            size = 0
        }
        shards[shards.count - 1][name] = tensor
        // A tensor beyond the limit fills its shard.
        size = bytes < limit - size ? size + bytes : limit
    }
    return shards
}

private func indexText(_ shards: [StateDict], _ name: (Int) -> String) -> [UInt8] {
    var (lines, total) = ([String](), 0)
    for (number, shard) in shards.enumerated() {
        for (key, tensor) in shard.sorted(by: { $0.key < $1.key }) {
            lines.append("    \(jsonQuoted(key)): \(jsonQuoted(name(number)))")
            total &+= tensor.numel &* tensor.dtype.itemSize
        }
    }
    return Array(
        ("{\n  \"metadata\": {\n    \"total_size\": \(total)\n  },\n  \"weight_map\": {\n"
            + lines.joined(separator: ",\n") + "\n  }\n}\n").utf8)
}

/// The files that the index at `path` names.
private func namedParts(_ path: String) -> Set<String> {
    guard let file = try? FileMemory(path),
        let parts = try? SafetensorsIndex.parts(file, path: path)
    else { return [] }
    return Set(parts.keys)
}

/// Whether `saveSharded` may have written the part of this name.
private func isOwn(_ name: String, _ stem: String) -> Bool {
    let middle = name.dropFirst(stem.count).dropLast(".safetensors".count)
    return name.hasPrefix(stem) && name.hasSuffix(".safetensors") && middle.count == 15
        && middle.prefix(1) == "-" && middle.dropFirst(6).prefix(4) == "-of-"
}

private func fiveDigits(_ number: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(5 - digits.count, 0)) + digits
}
