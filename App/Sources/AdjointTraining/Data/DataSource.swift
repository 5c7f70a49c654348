/// Where examples come from.
public enum DataSource: Sendable, Equatable {
    /// The handwritten digits that come with the command.
    case digits
    /// A CSV file; the column `label` holds the classes, where they are known.
    case table(path: String, label: String?)
    /// IDX files of images and, where they are known, of their classes.
    case images(path: String, labels: String?)

    /// A short name for runs on these data: `digits`, or the file's name without its endings.
    public var shortName: String {
        let path: String
        switch self {
        case .digits: return "digits"
        case .table(let file, _): path = file
        case .images(let file, _): path = file
        }
        let file = path.split(separator: "/").last ?? ""
        let stem = file.prefix { $0 != "." }
        let name = stem.filter {
            $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_")
        }
        return name.isEmpty ? "data" : String(name.prefix(40))
    }
}

extension DataSource: Codable {
    private enum Key: String, CodingKey { case data, label, images, labels }

    /// Reads `{"data": ..., "label": ...}`, `{"images": ..., "labels": ...}` or `{"data": "digits"}`.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Key.self)
        if let images = try values.decodeIfPresent(String.self, forKey: .images) {
            let labels = try values.decodeIfPresent(String.self, forKey: .labels)
            self = .images(path: images, labels: labels)
        } else if let label = try values.decodeIfPresent(String.self, forKey: .label) {
            self = .table(path: try values.decode(String.self, forKey: .data), label: label)
        } else {
            self = .digits
        }
    }

    /// Writes what `init(from:)` reads. Only sources with labels are trained on and written.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: Key.self)
        switch self {
        case .digits: try values.encode("digits", forKey: .data)
        case .table(let path, let label):
            try values.encode(path, forKey: .data)
            try values.encode(label ?? "", forKey: .label)
        case .images(let path, let labels):
            try values.encode(path, forKey: .images)
            try values.encodeIfPresent(labels, forKey: .labels)
        }
    }
}
