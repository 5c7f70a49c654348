/// The viewer's modules as one page carries them: each as a `data:` address in an import map.
enum HTMLModules {
    static let entry = "main.js"

    /// `adjoint/main.js` and so on, each with its address; only what the entry needs.
    static let importMap: String = {
        let pairs = needed().map { asset in
            "\"adjoint/\(asset.name)\":\"\(address(asset.mediaType, named(asset.text)))\""
        }
        return "{\"imports\":{\(pairs.joined(separator: ",\n"))}}"
    }()

    static func address(_ mediaType: String, _ text: String) -> String {
        "data:\(mediaType);base64,\(Base64.text(Array(text.utf8)))"
    }

    /// The modules that the entry reaches, each once, in the order in which they are found.
    static func needed() -> [WebAsset] {
        var found: [WebAsset] = []
        var seen: Set<String> = [entry]
        var waiting = [entry]
        while let name = waiting.popLast() {
            guard let asset = WebAsset.named(name) else {
                preconditionFailure("web/\(name) is imported, and not there")
            }
            found.append(asset)
            for next in imports(asset.text) where seen.insert(next).inserted {
                waiting.append(next)
            }
        }
        return found
    }

    private static let prefix = " from \"./"

    /// The names after ` from "./`.
    private static func imports(_ text: String) -> [String] {
        text.split(separator: "\n").compactMap { line in
            guard let start = line.ranges(of: prefix).first?.upperBound,
                let end = line[start...].firstIndex(of: "\"")
            else { return nil }
            return String(line[start..<end])
        }
    }

    /// A module of a `data:` address has no folder: it names others by the import map.
    private static func named(_ text: String) -> String {
        text.replacing(prefix, with: " from \"adjoint/")
    }
}
