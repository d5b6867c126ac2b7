//! The screen: renders the model, decides nothing. A pane a file; colours are roles.

pub mod lesson;
pub mod plain;
pub mod symbols;
pub mod theme;
/// stub
#[derive(Default)]
pub struct Viewports;
impl Viewports {
    /// stub
    pub fn hit(&self, _x: u16, _y: u16) -> Option<crate::app::Target> {
        None
    }
    /// stub
    pub fn pane_at(&self, _x: u16, _y: u16) -> Option<crate::app::Pane> {
        None
    }
    /// stub
    pub fn request(&mut self, _p: crate::app::Pane, _m: crate::app::Motion) {}
}
/// stub
pub fn render(_m: &crate::app::Model, _v: &mut Viewports, _f: &mut ratatui::Frame) {}
