import type { ComponentChildren } from 'preact';

interface PanelProps {
  readonly name: string;
  readonly title: string;
  /** Beside the title: what is to be done with the panel. */
  readonly tools?: ComponentChildren;
  readonly children: ComponentChildren;
}

/** One part of the page, with a title that names it. */
export function Panel({ name, title, tools, children }: PanelProps) {
  return (
    <section class={`panel ${name}`} id={name} aria-labelledby={`${name}-title`}>
      <header>
        <h2 id={`${name}-title`}>{title}</h2>
        {tools}
      </header>
      {children}
    </section>
  );
}
