//! The tree of an HTML text, as far as it is worth laying out. A few letters of HTML can cost the parser what they
//! like: unclosed marks are repeated in every paragraph, and each attribute of a tag is compared with all others. So
//! the tree is built piece by piece, and given up once it costs more than that of any real mail.

use std::borrow::Cow;
use std::cell::Cell;
use std::iter::successors;
use std::time::{Duration, Instant};

use html2text::{Handle, RcDom};
use html5ever::interface::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::{StrTendril, TendrilSink as _};
use html5ever::tree_builder::TreeBuilderOpts;
use html5ever::{Attribute, ExpandedName, ParseOpts, QualName, parse_document};

/// The maximum depth of a tree: the cost of laying it out is quadratic in that.
const MAX_DEPTH: usize = 500;

/// How many letters of HTML there are for each element, at least.
const LETTERS: usize = 4;

/// How many elements a short text may have, too.
const FEW: usize = 1000;

/// How much is parsed before the cost is looked at, in bytes.
const PIECE: usize = 4096;

/// How long parsing may take.
const PATIENCE: Duration = Duration::from_secs(3);

/// Builds the tree; none for HTML that is made to be costly.
pub fn tree(html: &str) -> Option<RcDom> {
    let tree_builder = TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() };
    let options = ParseOpts { tree_builder, ..ParseOpts::default() };
    let mut parser = parse_document(Bounded::default(), options);
    let (begun, most) = (Instant::now(), html.len() / LETTERS + FEW);
    let mut rest = html;
    while !rest.is_empty() {
        let (piece, after) = rest.split_at(rest.floor_char_boundary(PIECE));
        parser.process(StrTendril::from(piece));
        let built = &parser.tokenizer.sink.sink;
        let is_large = built.elements.get() > most || built.depth.get() > MAX_DEPTH;
        if is_large || begun.elapsed() > PATIENCE {
            return None;
        }
        rest = after;
    }
    Some(parser.finish())
}

/// A tree that knows its size.
#[derive(Default)]
struct Bounded {
    dom: RcDom,
    elements: Cell<usize>,
    depth: Cell<usize>,
}

impl Bounded {
    fn measure(&self, node: &Handle) {
        let ancestors = successors(Some(node.clone()), |it| it.get_parent());
        self.depth.set(self.depth.get().max(ancestors.take(MAX_DEPTH + 1).count()));
    }
}

impl TreeSink for Bounded {
    type Handle = Handle;
    type Output = RcDom;
    type ElemName<'a> = ExpandedName<'a>;

    fn finish(self) -> RcDom {
        self.dom
    }

    fn create_element(&self, name: QualName, attrs: Vec<Attribute>, flags: ElementFlags) -> Handle {
        self.elements.set(self.elements.get() + 1);
        self.dom.create_element(name, attrs, flags)
    }

    fn append(&self, parent: &Handle, child: NodeOrText<Handle>) {
        self.measure(parent);
        self.dom.append(parent, child);
    }

    fn append_before_sibling(&self, sibling: &Handle, child: NodeOrText<Handle>) {
        self.measure(sibling);
        self.dom.append_before_sibling(sibling, child);
    }

    fn append_based_on_parent_node(
        &self,
        element: &Handle,
        previous: &Handle,
        child: NodeOrText<Handle>,
    ) {
        self.measure(element);
        self.dom.append_based_on_parent_node(element, previous, child);
    }

    // Nobody looks at them.
    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> Handle {
        self.dom.get_document()
    }

    fn elem_name<'a>(&'a self, target: &'a Handle) -> ExpandedName<'a> {
        self.dom.elem_name(target)
    }

    fn create_comment(&self, text: StrTendril) -> Handle {
        self.dom.create_comment(text)
    }

    fn create_pi(&self, target: StrTendril, data: StrTendril) -> Handle {
        self.dom.create_pi(target, data)
    }

    fn append_doctype_to_document(&self, name: StrTendril, public: StrTendril, system: StrTendril) {
        self.dom.append_doctype_to_document(name, public, system);
    }

    fn get_template_contents(&self, target: &Handle) -> Handle {
        self.dom.get_template_contents(target)
    }

    fn same_node(&self, one: &Handle, other: &Handle) -> bool {
        self.dom.same_node(one, other)
    }

    fn set_quirks_mode(&self, mode: QuirksMode) {
        self.dom.set_quirks_mode(mode);
    }

    fn add_attrs_if_missing(&self, target: &Handle, attrs: Vec<Attribute>) {
        self.dom.add_attrs_if_missing(target, attrs);
    }

    fn remove_from_parent(&self, target: &Handle) {
        self.dom.remove_from_parent(target);
    }

    fn reparent_children(&self, node: &Handle, new_parent: &Handle) {
        self.dom.reparent_children(node, new_parent);
    }

    fn is_mathml_annotation_xml_integration_point(&self, target: &Handle) -> bool {
        self.dom.is_mathml_annotation_xml_integration_point(target)
    }
}
